using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>Holds the tables that increments made against those that a full run makes of the same input.</summary>
internal static class FullRun
{
    // A column that no table has.
    private const string Side = "_side";

    /// <summary>Runs in full and compares.</summary>
    /// <param name="lake">The lake, after its increments.</param>
    /// <param name="models">The models whose tables are compared.</param>
    /// <param name="run">Runs them in full, and says what failed; null when nothing did.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The first difference of each table that has one.</returns>
    public static async Task<IReadOnlyDictionary<TableName, string>> FindDifferenceAsync(
        Lake lake, IReadOnlyList<Model> models, Func<CancellationToken, Task<string?>> run, CancellationToken cancellationToken)
    {
        Dictionary<TableName, long> before = [];
        foreach (Model model in models)
        {
            before.Add(model.Table, await VersionOfAsync(lake, model.Table, cancellationToken).ConfigureAwait(false));
        }

        if (await run(cancellationToken).ConfigureAwait(false) is { } failure)
        {
            return models.ToDictionary(model => model.Table, _ => $"the full run failed: {failure}");
        }

        Dictionary<TableName, string> differences = [];
        foreach (Model model in models)
        {
            if (await CompareAsync(lake, model, before[model.Table], cancellationToken).ConfigureAwait(false) is { } difference)
            {
                differences.Add(model.Table, difference);
            }
        }

        return differences;
    }

    private static async Task<long> VersionOfAsync(Lake lake, TableName table, CancellationToken cancellationToken)
    {
        DeltaTable delta = new LakeTables(lake).Open(table);
        return (await delta.GetSnapshotAsync(cancellationToken).ConfigureAwait(false)).Version;
    }

    private static async Task<string?> CompareAsync(Lake lake, Model model, long before, CancellationToken cancellationToken)
    {
        long after = await VersionOfAsync(lake, model.Table, cancellationToken).ConfigureAwait(false);
        string folder = SqlText.Literal($"{lake.Location}/{model.Table.Prefix}");
        string Rows(long version) => string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM delta({folder}, version => {version})");
        string key = string.Join(", ", model.Key.Select(SqlText.Quote).Append(Side));
        using LakeQuery query = new(lake, threads: 1);
        using QueryResult result = await query.RunAsync(
            $"""
            SELECT * FROM (
                SELECT 1 AS {Side}, * FROM ({Rows(before)} EXCEPT ALL {Rows(after)})
                UNION ALL
                SELECT 2 AS {Side}, * FROM ({Rows(after)} EXCEPT ALL {Rows(before)})
            ) ORDER BY {key} LIMIT 2
            """,
            cancellationToken).ConfigureAwait(false);
        List<string?[]> rows = Read(result);
        return rows.Count == 0 ? null : Describe(model, [.. result.Columns.Select(column => column.Name)], rows);
    }

    private static List<string?[]> Read(QueryResult result)
    {
        List<string?[]> rows = [];
        while (result.ReadChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                int present = row;
                rows.Add([.. Enumerable.Range(0, result.Columns.Count).Select(column => result.GetText(present, column))]);
            }
        }

        return rows;
    }

    private static string Describe(Model model, IReadOnlyList<string> columns, List<string?[]> rows)
    {
        int[] key = [.. model.Key.Select(name => columns.TakeWhile(column => column != name).Count())];
        string row = $"the row {string.Join(", ", key.Select(column => $"{columns[column]} {rows[0][column] ?? "null"}"))}";
        if (rows.Count == 2 && rows[0][0] != rows[1][0] && key.All(column => rows[0][column] == rows[1][column]))
        {
            int other = Enumerable.Range(1, columns.Count - 1).First(column => rows[0][column] != rows[1][column]);
            return $"{row} has {columns[other]} {rows[0][other] ?? "null"} after increments and {rows[1][other] ?? "null"} after a full run";
        }

        return rows[0][0] == "1" ? $"{row} is there after increments and not after a full run" : $"{row} is there after a full run and not after increments";
    }
}
