using LakehouseLab.World.Batches;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Names of the fraud rules in reports.</summary>
internal static class FraudNames
{
    /// <summary>A rule's name in lower case with underscores.</summary>
    public static string Of(FraudRule rule) => rule switch
    {
        FraudRule.AccountTakeover => "account_takeover",
        FraudRule.CardTesting => "card_testing",
        FraudRule.MerchantCollusion => "merchant_collusion",
        FraudRule.GeographicalAnomaly => "geographical_anomaly",
        FraudRule.Inherent => "inherent",
        _ => "none",
    };
}
