using System.Globalization;
using LakehouseLab.Pipeline.Checks;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Silver;

/// <summary>The queries of a batch of a source, in the dialect of models: every engine runs them as they are.</summary>
internal sealed class SilverQueries(IEngineSession session, Model model, DecodedBatch decoded)
{
    private readonly string? _filter = Expectations.Filter(model, ViolationAction.Quarantine);
    private readonly IReadOnlyList<Expectation> _quarantining = Expectations.Of(model, ViolationAction.Quarantine);
    private readonly string _given = ListOf(SchemaColumns.Of(SchemaColumns.DomainOf(model.Sql.Source)!).Select(column => column.Name));

    /// <summary>The model's columns in order.</summary>
    public string Columns { get; } = ListOf(model.Columns.Select(column => column.Name));

    /// <summary>The columns of the model's key in order.</summary>
    public string Key { get; } = ListOf(model.Key);

    /// <summary>What makes two records of a key equal: all that the record said, not where it was.</summary>
    public string Content { get; } = $"({ListOf(model.Columns.Select(column => column.Name).Where(name => !name.StartsWith('_')))})";

    /// <summary>The model's query over all records that can be taken, before its columns are cast.</summary>
    public string Compiled => Compile(decoded.All, null);

    /// <summary>All records that can be taken, in the model's columns, as they stand after FROM.</summary>
    public string All => $"({Typed(decoded.All, null)})";

    /// <summary>Conditions of the records of <see cref="Violating"/> that break each expectation which quarantines, in their order.</summary>
    public IReadOnlyList<string> Broken => [.. _quarantining.Select(static (_, i) => BreaksColumn(i))];

    /// <summary>Records that break an expectation, with the name of the first that each breaks, and which they break; null when none quarantines.</summary>
    public string? Violating
    {
        get
        {
            string reason = string.Concat(_quarantining.Select(static expectation => $"WHEN {Expectations.Broken(expectation)} THEN {SqlText.Literal(QuarantineReasons.BrokenExpectation + expectation.Name)} "));
            string breaks = string.Concat(_quarantining.Select(static (expectation, i) => $", {Expectations.Broken(expectation)} AS {BreaksColumn(i)}"));
            return _filter is null ? null : $"SELECT _batch, _source, _offset, CASE {reason}END AS reason{breaks} FROM {All} AS typed WHERE NOT ({_filter})";
        }
    }

    /// <summary>Rows of contested keys.</summary>
    public string OfContested(Relation hashes) => Passing(decoded.All, $"_key_hash IN (SELECT key_hash FROM {hashes.Sql})");

    /// <summary>The rows that go into the table: a query for each part of the records, the last of which also gives the first rows of contested keys.</summary>
    public IReadOnlyList<string> FirstRows(FirstWins judged) =>
        [.. decoded.Parts.Select((part, i) => FirstRows(part, judged, withContested: judged.Rows is not null && i == decoded.Parts.Count - 1))];

    private static string BreaksColumn(int expectation) => string.Create(CultureInfo.InvariantCulture, $"breaks_{expectation}");

    private static string ListOf(IEnumerable<string> columns) => string.Join(", ", columns.Select(SqlText.Quote));

    private string FirstRows(Relation part, FirstWins judged, bool withContested)
    {
        string rows = Passing(part, judged.Contested.Hashes is { } hashes ? $"_key_hash NOT IN (SELECT key_hash FROM {hashes.Sql})" : null);
        string all = withContested ? $"{rows} UNION ALL SELECT {Columns} FROM {judged.Rows!.Sql} AS judged WHERE NOT held AND place = 1" : rows;
        bool sorted = decoded.Totals.InEventTimeOrder && !withContested;
        return sorted || model.EventTime is null ? all : $"SELECT * FROM ({all}) AS unordered ORDER BY {SqlText.Quote(model.EventTime)}, _source, _offset";
    }

    private string Passing(Relation records, string? keys)
    {
        string typed = Typed(records, keys);
        return _filter is null ? typed : $"SELECT * FROM ({typed}) AS typed WHERE {_filter}";
    }

    private string Typed(Relation records, string? keys) => ModelQuery.TypedOf(session, model, Compile(records, keys));

    private string Compile(Relation records, string? keys) =>
        model.Sql.Compile(_ => $"(SELECT {_given} FROM {records.Sql} AS staged WHERE _reason IS NULL{(keys is null ? "" : $" AND {keys}")})");
}
