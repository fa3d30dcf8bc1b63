namespace LakehouseLab.World.Fraud;

/// <summary>The stories that span rows. The first four are those of the fraud rules of the same name.</summary>
internal enum EpisodeKind
{
    AccountTakeover,
    CardTesting,
    MerchantCollusion,
    GeographicalAnomaly,
    ShoppingSpree,
    TinyPaymentRun,
}
