using LakehouseLab.Audit.Tables;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Gold;

/// <summary>A table whose rows are made from many records, as the audit knows it.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Name">Its name in the layer.</param>
/// <param name="Key">The columns of its key; first the month, if it has one.</param>
/// <param name="Values">Its other columns.</param>
/// <param name="SampledAfter">How many of the values are compared in every row when a sample is asked for; the last of them is the user. Null when it is never sampled.</param>
internal sealed record GoldTable(AuditLayer Layer, string Name, IReadOnlyList<TableColumn> Key, IReadOnlyList<TableColumn> Values, int? SampledAfter = null)
{
    private const int MoneyScale = 4;
    private const int CentScale = 2;
    private const int SumDigits = 18;
    private const int AmountDigits = 15;

    private static readonly TableColumn s_month = new("month", FieldType.Date);
    private static readonly TableColumn s_day = new("day", FieldType.Date);
    private static readonly TableColumn s_user = new("user_id", FieldType.Int64);
    private static readonly TableColumn s_merchant = new("merchant", FieldType.Text);
    private static readonly TableColumn s_currency = new("currency", FieldType.Text);
    private static readonly TableColumn s_payments = new("payments", FieldType.Int64);
    private static readonly TableColumn s_amount = new("amount", FieldType.Decimal, MoneyScale, SumDigits);
    private static readonly TableColumn s_largest = new("largest_amount", FieldType.Decimal, MoneyScale, AmountDigits);

    /// <summary>silver.transactions_daily.</summary>
    public static GoldTable TransactionsDaily { get; } = new(
        AuditLayer.Silver, "transactions_daily",
        [s_month, s_day, s_user, s_merchant, s_currency],
        [s_payments, s_amount, s_largest, Count("fraud_payments"), Money("fraud_amount")])
    {
        MonthOf = "day",
    };

    /// <summary>silver.user_profiles.</summary>
    public static GoldTable UserProfiles { get; } = new(
        AuditLayer.Silver, "user_profiles",
        [s_user],
        [.. DomainSchemas.UserProfile.Fields.Skip(1).SkipLast(1).Select(TableColumn.Of), Instant("valid_from")]);

    /// <summary>gold.daily_spend.</summary>
    public static GoldTable DailySpend { get; } = new(
        AuditLayer.Gold, "daily_spend",
        [s_month, s_day, s_user, s_currency],
        [s_payments, s_amount, s_largest, Count("merchants")])
    {
        MonthOf = "day",
    };

    /// <summary>gold.merchant_performance.</summary>
    public static GoldTable MerchantPerformance { get; } = new(
        AuditLayer.Gold, "merchant_performance",
        [s_month, s_merchant, s_currency],
        [s_payments, s_amount, Count("customers"), Count("active_days"), Count("fraud_payments"), Money("fraud_amount"), new("fraud_share", FieldType.Decimal, 6, 9)]);

    /// <summary>gold.device_activity.</summary>
    public static GoldTable DeviceActivity { get; } = new(
        AuditLayer.Gold, "device_activity",
        [s_month, s_user, new("device_id", FieldType.Uuid)],
        [Text("device_type"), Text("os"), Count("logins"), Count("open_sessions"), Count("places"), Instant("first_login"), Instant("last_login")])
    {
        MonthOf = "first_login",
    };

    /// <summary>gold.customer_360.</summary>
    public static GoldTable Customer360 { get; } = new(
        AuditLayer.Gold, "customer_360",
        [s_user],
        [
            Text("name"), Text("country"), Text("risk_level"), new("credit_score", FieldType.Decimal, 1, 5), Instant("signup_date"), Instant("profile_since"),
            s_payments, Count("active_days"), Count("merchants"), Cents("amount_usd"), Day("first_day"), Day("last_day"),
            Count("logins"), Count("devices"), Instant("last_login"),
        ]);

    /// <summary>gold.fraud_features.</summary>
    public static GoldTable FraudFeatures { get; } = new(
        AuditLayer.Gold, "fraud_features",
        [s_month, new("transaction_id", FieldType.Uuid)],
        [
            s_user, Instant("timestamp"), s_merchant, Cents("amount_usd"), Flag("is_remote"), Flag("country_changed"), Count("seconds_since_previous"),
            Count("seconds_since_third"), Count("payments_30d"), Cents("amount_usd_30d"), Count("merchant_seconds_since_tenth"), Flag("is_fraud"),
        ],
        SampledAfter: 1)
    {
        MonthOf = "timestamp",
    };

    /// <summary>reference.fx_rates, which Gold converts by.</summary>
    public static GoldTable FxRates { get; } = new(
        AuditLayer.Gold, "fx_rates",
        [s_currency],
        [new("decimals", FieldType.Int64) { LogType = "integer" }, new("usd_rate", FieldType.Decimal, ExchangeRates.Scale, ExchangeRates.Precision)])
    {
        Folder = "reference",
    };

    /// <summary>The column from which a row's month follows; null when no column tells.</summary>
    public string? MonthOf { get; init; }

    /// <summary>The folder of its layer in the lake.</summary>
    public string Folder { get; init; } = Layer.ToString().ToLowerInvariant();

    /// <summary>The table, as messages name it.</summary>
    public string FullName => $"{Folder}.{Name}";

    /// <summary>What its log should declare.</summary>
    public TableDeclaration Declaration => new($"{Folder}/{Name}", [.. Key, .. Values], IsMonthly ? s_month.Name : null) { MonthOf = MonthOf };

    /// <summary>Whether its rows are of a month each.</summary>
    public bool IsMonthly => Key[0] == s_month;

    private static TableColumn Count(string name) => new(name, FieldType.Int64);

    private static TableColumn Money(string name) => new(name, FieldType.Decimal, MoneyScale, SumDigits);

    private static TableColumn Cents(string name) => new(name, FieldType.Decimal, CentScale, SumDigits);

    private static TableColumn Text(string name) => new(name, FieldType.Text);

    private static TableColumn Flag(string name) => new(name, FieldType.Boolean);

    private static TableColumn Day(string name) => new(name, FieldType.Date);

    private static TableColumn Instant(string name) => new(name, FieldType.Timestamp);
}
