namespace LakehouseLab.Pipeline.Testing;

/// <summary>How much a comparison of increments with full runs tries.</summary>
/// <param name="Trials">How many random splits, at least 1.</param>
/// <param name="Rows">Records of each domain of the small world, at least 1.</param>
/// <param name="Seed">The seed of the world and of the splits: the same seed tries the same.</param>
public sealed record TrialOptions(int Trials = 3, int Rows = 2000, long Seed = 1);
