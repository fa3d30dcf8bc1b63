using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Finds the data files that hold a row of some keys: those whose statistics rule it out are not read, all others by one query.</summary>
internal sealed class KeyedFiles(DuckDbBatch batch, DuckDbSession session)
{
    /// <summary>Columns in a list, as SQL names them.</summary>
    public static string ListOf(IEnumerable<string> columns) => string.Join(", ", columns.Select(SqlText.Quote));

    /// <summary>Finds the files.</summary>
    public async Task<IReadOnlyList<AddFile>> FindAsync(TableVersion table, ReplacedRows.Keys keys, CancellationToken cancellationToken)
    {
        IReadOnlyList<ValueBounds> touched = await BoundsAsync(keys, cancellationToken).ConfigureAwait(false);
        AddFile[] candidates = [.. table.Files.Where(file => touched.All(bounds => bounds.MayBeIn(file)))];
        if (candidates.Length == 0)
        {
            return [];
        }

        string key = ListOf(keys.Touched.Columns);
        List<string> rows = [];
        for (int file = 0; file < candidates.Length; file++)
        {
            Relation relation = await batch.ReadAsync(table, [candidates[file]], cancellationToken).ConfigureAwait(false);
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"SELECT {file} AS file, {key} FROM {relation.Sql} AS held"));
        }

        List<int> holders = await session.QueryAsync(
            $"SELECT DISTINCT file FROM ({string.Join(" UNION ALL ", rows)}) AS held WHERE ({key}) IN (SELECT ({key}) FROM {keys.Touched.Sql}) ORDER BY file",
            static reader => reader.GetInt32(0),
            cancellationToken).ConfigureAwait(false);
        return [.. holders.Select(file => candidates[file])];
    }

    private async Task<IReadOnlyList<ValueBounds>> BoundsAsync(ReplacedRows.Keys keys, CancellationToken cancellationToken)
    {
        IEnumerable<string> bounds = keys.Touched.Columns.Select(SqlText.Quote).SelectMany(column => new[] { $"CAST(min({column}) AS VARCHAR)", $"CAST(max({column}) AS VARCHAR)", $"typeof(min({column}))" });
        IReadOnlyList<string?> found = (await batch.QueryAsync($"SELECT {string.Join(", ", bounds)} FROM {keys.Touched.Sql}", cancellationToken).ConfigureAwait(false))[0];
        return [.. keys.Touched.Columns.Select((column, i) => new ValueBounds(column, found[3 * i], found[(3 * i) + 1], found[(3 * i) + 2]!))];
    }
}
