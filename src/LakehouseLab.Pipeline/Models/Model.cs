using System.Text.Json;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Models;

/// <summary>A table as a query over others, with what the runner must know to keep it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Description">What a row is, in one sentence.</param>
/// <param name="Materialization">How the table is kept.</param>
/// <param name="Columns">The columns in order, as the query gives them.</param>
/// <param name="Key">The columns that together identify a row.</param>
/// <param name="PartitionBy">The partition column, or null.</param>
/// <param name="EventTime">The column (DATE or TIMESTAMP) by which input is restricted to what a change can reach, or null.</param>
/// <param name="ReachDays">A row at a day depends on input of that day and this many days before.</param>
/// <param name="Expectations">What its rows must be like.</param>
/// <param name="Sql">The query.</param>
public sealed record Model(
    TableName Table,
    string Description,
    Materialization Materialization,
    IReadOnlyList<ModelColumn> Columns,
    IReadOnlyList<string> Key,
    string? PartitionBy,
    string? EventTime,
    int ReachDays,
    IReadOnlyList<Expectation> Expectations,
    ModelSql Sql)
{
    /// <summary>Checksum of the model's file: another one recomputes the table.</summary>
    public string Definition { get; init; } = "";

    /// <summary>Its file, as a user knows it.</summary>
    public string File { get; init; } = FileOf(Table);

    /// <summary>The project and file that it comes from, such as <c>shop/models/gold/own.sql</c>; null when it comes with the program.</summary>
    public string? Origin { get; init; }

    /// <summary>The table's schema in the Delta log.</summary>
    public StructType Schema => new([.. Columns.Select(column => column.ToField())]);

    /// <summary>The tables that it is made from.</summary>
    public IReadOnlyList<TableName> Inputs => Sql.Source is { } source ? [source] : Sql.Inputs;

    /// <summary>The file of a table's model.</summary>
    public static string FileOf(TableName table) => $"models/{table.Layer}/{table.Name}.sql";

    /// <summary>The lines of the header's keys in the file.</summary>
    internal IReadOnlyDictionary<string, int> Lines { get; init; } = new Dictionary<string, int>();

    /// <summary>The lines of the file before the header.</summary>
    internal int LinesBeforeHeader { get; init; }

    /// <summary>The header's line of a key.</summary>
    internal int HeaderLineOf(string key) => Lines.GetValueOrDefault(key, 1) - LinesBeforeHeader;

    /// <summary>The column of a name.</summary>
    public ModelColumn Column(string name) => Columns.First(column => column.Name == name);
}

/// <summary>A column of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type, to which the query's value is cast.</param>
/// <param name="Nullable">Whether values may be absent.</param>
/// <param name="Description">What it says.</param>
public sealed record ModelColumn(string Name, ColumnType Type, bool Nullable, string Description)
{
    // Delta's NOT NULL is an invariant of the writer; the runner checks it, and the table stays open to every reader and writer.
    internal StructField ToField() => new(Name, Type.DeltaType, Nullable: true, $"{{\"comment\":{JsonSerializer.Serialize(Description, ModelDocuments.Default.String)}}}");
}

/// <summary>How a model's table is kept.</summary>
public enum Materialization
{
    /// <summary>Recomputed whenever an input changed.</summary>
    Table,

    /// <summary>Rows of new input are appended; of rows with the same key the first wins.</summary>
    Append,

    /// <summary>Rows of the keys that new input touches are recomputed.</summary>
    Merge,

    /// <summary>Partitions that new input reaches are recomputed.</summary>
    ReplacePartitions,
}

/// <summary>What a model's rows must be like.</summary>
/// <param name="Name">What is expected, in a few words: also the reason in quarantine.</param>
/// <param name="Check">A condition over the model's columns; a row breaks it when it is false.</param>
/// <param name="OnViolation">What happens with rows that break it.</param>
public sealed record Expectation(string Name, string Check, ViolationAction OnViolation)
{
    /// <summary>Share of a batch's rows, 0 to 1, that may break it before the run has a finding; null when any share may.</summary>
    public decimal? WarnShare { get; init; }

    /// <summary>Share of a batch's rows, 0 to 1, that may break it before the model fails; null when any share may.</summary>
    public decimal? FailShare { get; init; }

    /// <summary>The line of the check in the model's file.</summary>
    internal int Line { get; init; } = 1;
}

/// <summary>What happens with rows that break an expectation.</summary>
public enum ViolationAction
{
    /// <summary>They stay and are counted.</summary>
    Warn,

    /// <summary>They are left out and counted.</summary>
    Drop,

    /// <summary>They go to quarantine. Only for models of a source.</summary>
    Quarantine,

    /// <summary>The model fails and its table stays as it was.</summary>
    Fail,
}
