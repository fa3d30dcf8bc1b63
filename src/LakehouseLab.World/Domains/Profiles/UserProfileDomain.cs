using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Profiles;
using LakehouseLab.World.Parts;
using LakehouseLab.World.Schemas;

[assembly: Domain<UserProfileDomain>(Place = 1)]

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>People, as they were at the start and as they changed.</summary>
public sealed class UserProfileDomain : Domain
{
    private static readonly DomainSchema s_schema = new(
        "user-profile",
        "user_profiles",
        "user-profiles",
        "A person's whole profile: the first one at the start of the world, then one for every change.",
        [
            new("user_id", FieldType.Int64, "The person, 1 to the number of users."),
            new("name", FieldType.Text, "Full name in the script of the person's country."),
            new("email", FieldType.Text, "E-mail address under a reserved domain (RFC 2606), unique per person."),
            new("phone", FieldType.Text, "Phone number in E.164, from a range reserved for fiction where there is one."),
            new("date_of_birth", FieldType.Date, "Date of birth."),
            new("address", FieldType.Text, "Street, postal code and city."),
            new("country", FieldType.Text, "Country of residence (ISO 3166-1 alpha-2)."),
            new("signup_date", FieldType.Timestamp, "When the person became a customer."),
            new("credit_score", FieldType.Decimal, "Credit score, 300 to 850.") { Precision = 5, Scale = 1, Unit = "points" },
            new("risk_level", FieldType.Text, "Rated risk of the customer.") { AllowedValues = RiskLevels.All },
            new("updated_at", FieldType.Timestamp, "When this version became valid; absent from a person's first record.") { Nullable = true },
        ],
        ["user_id", "updated_at"],
        "updated_at",
        "user_id");

    private static readonly Validity s_validity = new(
        ["updated_at", "signup_date"],
        new Field("valid_from", FieldType.Timestamp, "Since when this version is valid: updated_at, or signup_date in a person's first record."),
        "user_profiles_history");

    /// <summary>Makes the domain, which <see cref="Domain.All"/> does once.</summary>
    public UserProfileDomain()
        : base(s_schema, new ProfileKey(s_schema, s_validity), s_validity)
    {
    }

    /// <inheritdoc/>
    internal override IDataFactory CreateFactory(WorldParts parts) => new UserProfileFactory(this, parts);
}
