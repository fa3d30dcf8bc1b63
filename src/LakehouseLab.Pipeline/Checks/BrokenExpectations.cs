using System.Globalization;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Pipeline.Checks;

/// <summary>The expectations that rows of a batch break, none of them by a share at which the model fails.</summary>
/// <param name="Rows">How many rows break each, by its name.</param>
/// <param name="Warnings">Those that are broken by more rows than the model tolerates: the run's findings.</param>
internal sealed record BrokenExpectations(IReadOnlyDictionary<string, long> Rows, IReadOnlyList<RunWarning> Warnings)
{
    /// <summary>None.</summary>
    public static BrokenExpectations None { get; } = new(new Dictionary<string, long>(), []);

    /// <summary>Judges counts of rows.</summary>
    /// <param name="counted">How many rows break each expectation.</param>
    /// <param name="total">How many rows were held against them.</param>
    public static BrokenExpectations Of(IEnumerable<(Expectation Expectation, long Rows)> counted, long total)
    {
        (Expectation Expectation, long Rows)[] broken = [.. counted.Where(static expectation => expectation.Rows > 0)];
        return new BrokenExpectations(
            broken.ToDictionary(static one => one.Expectation.Name, static one => one.Rows),
            [.. broken.Where(one => one.Rows > one.Expectation.WarnShare * total).Select(one => WarningOf(one.Expectation, one.Rows, total))]);
    }

    /// <summary>These and others of the same batch.</summary>
    public BrokenExpectations With(BrokenExpectations other) => new(Rows.Concat(other.Rows).ToDictionary(), [.. Warnings, .. other.Warnings]);

    private static RunWarning WarningOf(Expectation expectation, long rows, long total)
    {
        string beyond = expectation.WarnShare > 0 ? string.Create(CultureInfo.InvariantCulture, $", more than the share of {expectation.WarnShare:0.####} that is tolerated") : "";
        return new RunWarning(RunWarningKind.Expectation, string.Create(CultureInfo.InvariantCulture, $"{rows:#,0} of {total:#,0} rows break '{expectation.Name}'{beyond}"), (double)rows / total)
        {
            Expectation = expectation.Name,
            Threshold = (double)expectation.WarnShare!.Value,
        };
    }
}
