using System.Globalization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Pipeline.Trends;

/// <summary>
/// Holds the shares of records that a run quarantined, or dropped as duplicates, against those of the runs before it. A warning needs enough
/// runs to know a range from, enough records to speak of a share, and an excess that chance does not explain.
/// </summary>
internal static class RecentRates
{
    /// <summary>So many runs of a table, the newest, make its range.</summary>
    public const int MostRuns = 20;

    /// <summary>Fewer runs have no range.</summary>
    public const int LeastRuns = 5;

    /// <summary>Of fewer records a share says little: such runs are neither judged nor part of the range.</summary>
    public const long LeastRecords = 1_000;

    /// <summary>Fewer records are looked at one by one.</summary>
    public const long LeastAffected = 10;

    // Runs of other tables and small ones lie between those that count.
    private const int RunsRead = 60;

    // Counts of independent records scatter by about the root of what is expected; three times that is beyond chance.
    private const double Deviations = 3;

    /// <summary>Adds warnings to the outcomes of a run that is not in the history yet. The history is read only when there is something to compare.</summary>
    /// <exception cref="LakeException">A run's record is damaged.</exception>
    public static async Task<IReadOnlyList<ModelOutcome>> WarnAsync(Lake lake, IReadOnlyList<ModelOutcome> outcomes, CancellationToken cancellationToken)
    {
        if (!outcomes.Any(outcome => outcome.RowsIn >= LeastRecords && Math.Max(outcome.Quarantined, outcome.Duplicates) >= LeastAffected))
        {
            return outcomes;
        }

        IReadOnlyList<PipelineReport> runs = await new RunHistory(lake).ReadAsync(RunsRead, cancellationToken).ConfigureAwait(false);
        return [.. outcomes.Select(outcome => outcome with { Warnings = [.. outcome.Warnings, .. Compare(outcome, runs.SelectMany(run => run.Models))] })];
    }

    /// <summary>Compares what a model did with what it did before.</summary>
    /// <param name="outcome">What it did.</param>
    /// <param name="earlier">Outcomes of earlier runs, newest first, also of other models.</param>
    public static IEnumerable<RunWarning> Compare(ModelOutcome outcome, IEnumerable<ModelOutcome> earlier)
    {
        ModelOutcome[] recent = [.. earlier.Where(run => run.Table == outcome.Table && run.State == ModelState.Updated && run.RowsIn >= LeastRecords).Take(MostRuns)];
        return recent.Length < LeastRuns || outcome.RowsIn < LeastRecords ? []
            : new[]
            {
                Compare(RunWarningKind.QuarantineRate, "are quarantined", outcome, recent, static run => run.Quarantined),
                Compare(RunWarningKind.DuplicateRate, "are duplicates", outcome, recent, static run => run.Duplicates),
            }.OfType<RunWarning>();
    }

    private static RunWarning? Compare(RunWarningKind kind, string what, ModelOutcome outcome, ModelOutcome[] recent, Func<ModelOutcome, long> countOf)
    {
        long count = countOf(outcome);
        double[] shares = [.. recent.Select(run => (double)countOf(run) / run.RowsIn)];
        double expected = shares.Max() * outcome.RowsIn;
        return count < LeastAffected || count <= expected + (Deviations * Math.Sqrt(expected)) ? null
            : new RunWarning(
                kind,
                string.Create(CultureInfo.InvariantCulture, $"{Percent((double)count / outcome.RowsIn)} of {outcome.RowsIn:#,0} records {what}; in the {recent.Length} runs before it was {Percent(shares.Min())} to {Percent(shares.Max())}"),
                (double)count / outcome.RowsIn)
            {
                RecentLowest = shares.Min(),
                RecentHighest = shares.Max(),
                RecentRuns = recent.Length,
            };
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %");
}
