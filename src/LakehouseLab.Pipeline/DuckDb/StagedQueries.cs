using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// The queries of a batch of a source. Its tables in the session: <c>contested_hashes</c> (hashes of keys that occur more than
/// once), <c>judged</c> (the rows of those keys, ranked) and <c>refused</c> (records that an expectation or an earlier record of
/// the same key refuses, with the reason).
/// </summary>
internal sealed class StagedQueries(Model model, SourceBatch source)
{
    private readonly string? _filter = Expectations.Filter(model, ViolationAction.Quarantine);
    private readonly string _columns = string.Join(", ", model.Columns.Select(column => SqlText.Quote(column.Name)));

    /// <summary>The table without its layer.</summary>
    public string TableName => model.Table.Name;

    /// <summary>The model's key, to compare as a whole.</summary>
    public string Key { get; } = $"({string.Join(", ", model.Key.Select(SqlText.Quote))})";

    /// <summary>The columns in order.</summary>
    public string Columns => _columns;

    /// <summary>What makes two records of a key equal: all that the record said, not where it lay.</summary>
    public string Content { get; } = $"struct_pack({string.Join(", ", model.Columns.Where(column => !column.Name.StartsWith('_')).Select(column => $"{SqlText.Quote(column.Name)} := {SqlText.Quote(column.Name)}"))})";

    /// <summary>Rows whose keys occur once, of one staged file.</summary>
    /// <param name="path">The staged file.</param>
    /// <param name="withWinners">Whether the first rows of the other keys follow.</param>
    public string Uncontested(string path, bool withWinners)
    {
        string rows = Passing([path], "_key_hash NOT IN (SELECT key_hash FROM contested_hashes)");
        string all = withWinners ? $"{rows} UNION ALL SELECT {_columns} FROM judged WHERE NOT held AND place = 1" : rows;
        bool sorted = source.Decoded.InEventTimeOrder && !withWinners;
        return sorted || model.EventTime is null ? all : $"SELECT * FROM ({all}) AS unordered ORDER BY {SqlText.Quote(model.EventTime)}, _source, _offset";
    }

    /// <summary>Rows whose keys occur more than once, of all staged files.</summary>
    public string Contested => Passing(source.Decoded.Files.Select(file => file.Path), "_key_hash IN (SELECT key_hash FROM contested_hashes)");

    /// <summary>Rows that break an expectation, with its name; null when none quarantines.</summary>
    public string? Violating => _filter is null ? null
        : $"SELECT _batch, _source, _offset, CASE {string.Concat(model.Expectations.Where(expectation => expectation.OnViolation == ViolationAction.Quarantine).Select(expectation => $"WHEN ({expectation.Check}) IS FALSE THEN {SqlText.Literal($"expectation broken: {expectation.Name}")} "))}END AS reason FROM ({Typed(source.Decoded.Files.Select(file => file.Path), "TRUE")}) AS typed WHERE NOT ({_filter})";

    /// <summary>The model's query over all staged files, before its columns are cast.</summary>
    public string Compiled => Compile(source.Decoded.Files.Select(file => file.Path), "TRUE");

    private string Passing(IEnumerable<string> paths, string keys)
    {
        string typed = Typed(paths, keys);
        return _filter is null ? typed : $"SELECT * FROM ({typed}) AS typed WHERE {_filter}";
    }

    private string Typed(IEnumerable<string> paths, string keys) => ModelQuery.TypedOf(model, Compile(paths, keys));

    private string Compile(IEnumerable<string> paths, string keys) =>
        model.Sql.Compile(_ => $"(SELECT * FROM {ParquetFiles.Relation(paths)} AS staged WHERE _reason IS NULL AND {keys})");
}
