using System.Text.Json.Serialization;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Reports;

/// <summary>How a model's run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelState>))]
public enum ModelState
{
    /// <summary>Nothing new to ingest.</summary>
    [JsonStringEnumMemberName("up_to_date")]
    UpToDate,

    /// <summary>Its table has a new version.</summary>
    [JsonStringEnumMemberName("updated")]
    Updated,

    /// <summary>It failed; its table is as it was.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>A model that it depends on failed.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>A model of a project that the run lacks made its table, which stays as it is.</summary>
    [JsonStringEnumMemberName("left_alone")]
    LeftAlone,
}

/// <summary>What a model's run did.</summary>
/// <param name="Table">The model's table.</param>
/// <param name="State">How it ended.</param>
/// <param name="Version">The table's version afterwards, or -1 when there is none.</param>
/// <param name="RowsIn">Records that a model of a source ingested.</param>
/// <param name="RowsOut">Rows written.</param>
/// <param name="Quarantined">Records put into quarantine.</param>
/// <param name="Duplicates">Records dropped as equal to an earlier one of the same key.</param>
/// <param name="UnknownMembers">Members of records that the schema does not know, which were ignored.</param>
/// <param name="Violations">Rows that break an expectation, by its name: those that stay, and those that are dropped or quarantined for it.</param>
/// <param name="FoundWanting">Whether an expectation was broken by more rows than it tolerates.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Note">Why it ran in full, or failed, or was skipped; null when there is nothing to say.</param>
public sealed record ModelOutcome(
    string Table,
    ModelState State,
    long Version,
    long RowsIn,
    long RowsOut,
    long Quarantined,
    long Duplicates,
    long UnknownMembers,
    IReadOnlyDictionary<string, long> Violations,
    bool FoundWanting,
    double Seconds,
    string? Note)
{
    /// <summary>The note of a model that ran in full since it had never run before.</summary>
    public const string TableIsNew = "the table is new";

    /// <summary>Foreign records that were left out, by the emulation that their headers name.</summary>
    public IReadOnlyDictionary<string, long> Foreign { get; init; } = new Dictionary<string, long>();

    /// <summary>What a person should look at, in sentences with figures; of these, broken expectations are findings.</summary>
    public IReadOnlyList<RunWarning> Warnings { get; init; } = [];

    /// <summary>The outcome of a model that did nothing.</summary>
    public static ModelOutcome Idle(TableName table, ModelState state, long version, string? note = null) =>
        new(table.ToString(), state, version, 0, 0, 0, 0, 0, new Dictionary<string, long>(), FoundWanting: false, 0, note);

    /// <summary>Adds what the same model's next batch did.</summary>
    public ModelOutcome Plus(ModelOutcome next) => next with
    {
        RowsIn = RowsIn + next.RowsIn,
        RowsOut = RowsOut + next.RowsOut,
        Quarantined = Quarantined + next.Quarantined,
        Duplicates = Duplicates + next.Duplicates,
        UnknownMembers = UnknownMembers + next.UnknownMembers,
        Foreign = Sum(Foreign, next.Foreign),
        Violations = Sum(Violations, next.Violations),
        FoundWanting = FoundWanting || next.FoundWanting,
        Warnings = [.. Warnings, .. next.Warnings],
        Seconds = Seconds + next.Seconds,
        Note = Note ?? next.Note,
    };

    private static Dictionary<string, long> Sum(IReadOnlyDictionary<string, long> one, IReadOnlyDictionary<string, long> other) =>
        one.Concat(other).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));
}
