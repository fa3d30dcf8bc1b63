using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Fraud;

/// <summary>A transaction of an episode.</summary>
/// <param name="Milliseconds">When, in Unix milliseconds.</param>
/// <param name="Person">The cardholder.</param>
/// <param name="Merchant">The merchant, an entry of the catalogue.</param>
/// <param name="Country">The merchant's country, in the atlas.</param>
/// <param name="City">The shop's city, or -1 for a remote purchase.</param>
/// <param name="Units">Amount in units of the currency's last decimal.</param>
/// <param name="Rule">The rule by which it is fraudulent, or none.</param>
/// <param name="Episode">The episode in the ground truth; 0 for legitimate stories.</param>
/// <param name="Crook">City from which a takeover or a card testing is done, or -1.</param>
internal readonly record struct EpisodeRow(
    long Milliseconds,
    long Person,
    int Merchant,
    int Country,
    int City,
    long Units,
    FraudRule Rule,
    long Episode,
    int Crook);
