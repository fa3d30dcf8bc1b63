namespace LakehouseLab.World.Batches;

/// <summary>Why a row is fraudulent.</summary>
public enum FraudRule : byte
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>A compromised user's account.</summary>
    AccountTakeover,

    /// <summary>Many cards tried from one device, seconds apart.</summary>
    CardTesting,

    /// <summary>A merchant and a ring of cards.</summary>
    MerchantCollusion,

    /// <summary>Impossible travel.</summary>
    GeographicalAnomaly,

    /// <summary>Fraud that looks like any other payment.</summary>
    Inherent,
}
