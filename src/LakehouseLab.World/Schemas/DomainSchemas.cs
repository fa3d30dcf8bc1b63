namespace LakehouseLab.World.Schemas;

/// <summary>The domains of the world.</summary>
public static class DomainSchemas
{
    // DECIMAL(15,4) holds every ISO 4217 amount: the most decimals a currency has is 4 (CLF, UYW).
    private const int MoneyPrecision = 15;
    private const int MoneyScale = 4;

    /// <summary>People, as they were at the start and as they changed.</summary>
    public static DomainSchema UserProfile { get; } = new(
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
            new("risk_level", FieldType.Text, "Rated risk of the customer.") { AllowedValues = ["low", "medium", "high"] },
            new("updated_at", FieldType.Timestamp, "When this version became valid; absent from a person's first record.") { Nullable = true },
        ],
        ["user_id", "updated_at"],
        "updated_at")
    {
        ValidFrom = ["updated_at", "signup_date"],
    };

    /// <summary>Card transactions.</summary>
    public static DomainSchema Transaction { get; } = new(
        "transaction",
        "transactions",
        "transactions",
        "A card payment.",
        [
            new("transaction_id", FieldType.Uuid, "The payment."),
            new("user_id", FieldType.Int64, "The cardholder."),
            new("amount", FieldType.Decimal, "Amount paid, with the currency's decimals.") { Precision = MoneyPrecision, Scale = MoneyScale, Unit = "currency" },
            new("currency", FieldType.Text, "Currency of the merchant's country (ISO 4217)."),
            new("merchant", FieldType.Text, "Name of the merchant."),
            new("timestamp", FieldType.Timestamp, "When the card was charged."),
            new("location", FieldType.Text, "`City, CC` of the shop, or `Online, CC` for a remote purchase; CC is the merchant's country."),
            new("is_fraud", FieldType.Boolean, "Whether the payment is fraudulent.") { IsLabel = true },
        ],
        ["transaction_id"],
        "timestamp");

    /// <summary>Logins of people's devices.</summary>
    public static DomainSchema DeviceLog { get; } = new(
        "device-log",
        "device_logs",
        "device-logs",
        "A session of a device: a login and, most of the time, a logout.",
        [
            new("log_id", FieldType.Uuid, "The session."),
            new("user_id", FieldType.Int64, "The person whose account was used."),
            new("device_id", FieldType.Uuid, "The device."),
            new("device_type", FieldType.Text, "Kind of device.") { AllowedValues = ["mobile", "desktop", "tablet"] },
            new("os", FieldType.Text, "Operating system.") { AllowedValues = ["Android", "Windows", "iOS", "macOS", "Linux"] },
            new("ip_address", FieldType.Text, "IPv4 or IPv6 address from a range reserved for documentation or tests."),
            new("location", FieldType.Text, "`City, CC` of the login."),
            new("user_agent", FieldType.Text, "User agent of the browser or app."),
            new("login_timestamp", FieldType.Timestamp, "When the session began."),
            new("logout_timestamp", FieldType.Timestamp, "When it ended; absent when it was left open.") { Nullable = true },
        ],
        ["log_id"],
        "login_timestamp");

    /// <summary>All domains that <c>all</c> stands for.</summary>
    public static IReadOnlyList<DomainSchema> All { get; } = [UserProfile, Transaction, DeviceLog];

    /// <summary>The schema of a domain.</summary>
    /// <param name="domain">Name as on the command line.</param>
    /// <returns>The schema, or null when there is no such domain.</returns>
    public static DomainSchema? Find(string domain) =>
        All.FirstOrDefault(schema => string.Equals(schema.Domain, domain, StringComparison.Ordinal));
}
