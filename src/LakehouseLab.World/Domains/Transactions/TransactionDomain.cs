using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Transactions;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Parts;
using LakehouseLab.World.Schemas;

[assembly: Domain<TransactionDomain>(Place = 2)]

namespace LakehouseLab.World.Domains.Transactions;

/// <summary>Card transactions.</summary>
public sealed class TransactionDomain : Domain
{
    private static readonly DomainSchema s_schema = new(
        "transaction",
        "transactions",
        "transactions",
        "A card payment.",
        [
            new("transaction_id", FieldType.Uuid, "The payment."),
            new("user_id", FieldType.Int64, "The cardholder."),
            new("amount", FieldType.Decimal, "Amount paid, with the currency's decimals.") { Precision = Money.Precision, Scale = Money.Scale, Unit = "currency" },
            new("currency", FieldType.Text, "Currency of the merchant's country (ISO 4217)."),
            new("merchant", FieldType.Text, "Name of the merchant."),
            new("timestamp", FieldType.Timestamp, "When the card was charged."),
            new("location", FieldType.Text, "`City, CC` of the shop, or `Online, CC` for a remote purchase; CC is the merchant's country."),
            new("is_fraud", FieldType.Boolean, "Whether the payment is fraudulent.") { IsLabel = true },
        ],
        ["transaction_id"],
        "timestamp",
        "user_id");

    /// <summary>Makes the domain, which <see cref="Domain.All"/> does once.</summary>
    public TransactionDomain()
        : base(s_schema, new UuidKey(s_schema))
    {
    }

    /// <inheritdoc/>
    public override bool IsMeasure => true;

    /// <inheritdoc/>
    public override bool HasTruth => true;

    /// <inheritdoc/>
    internal override IDataFactory CreateFactory(WorldParts parts) => new TransactionFactory(this, parts);
}
