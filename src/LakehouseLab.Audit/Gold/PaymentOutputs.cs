using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Audit.Gold;

/// <summary>Which tables are made from payments; null for what nobody wants.</summary>
/// <param name="Daily">Rows of silver.transactions_daily.</param>
/// <param name="Spend">Rows of gold.daily_spend.</param>
/// <param name="Merchants">Rows of gold.merchant_performance.</param>
/// <param name="Features">Rows of gold.fraud_features.</param>
/// <param name="Totals">What gold.customer_360 says about payments.</param>
internal sealed record PaymentOutputs(
    IExpectedRows? Daily = null, IExpectedRows? Spend = null, IExpectedRows? Merchants = null, IExpectedRows? Features = null, PaymentTotals? Totals = null)
{
    /// <summary>Whether payments are needed by day.</summary>
    public bool NeedsDays => Daily is not null || Spend is not null || Merchants is not null || Features is not null || Totals is not null;

    /// <summary>The shard whose people's payments are looked at; null for everyone's.</summary>
    public Shard? People { get; init; }

    /// <summary>Of whom all values of gold.fraud_features are made.</summary>
    public UserSample Sample { get; init; } = UserSample.All;
}
