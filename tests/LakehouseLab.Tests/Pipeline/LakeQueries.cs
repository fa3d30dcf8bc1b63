using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>Asks the tables of a lake as they are now.</summary>
internal static class LakeQueries
{
    /// <summary>The tables of Silver and Gold.</summary>
    public static IEnumerable<TableName> Tables => ModelCatalog.BuiltIn.Models.Select(model => model.Table).Append(QuarantineTable.Name);

    /// <summary>The rows of a query, columns separated by <c> | </c> and <c>-</c> for null.</summary>
    public static Task<List<string>> QueryAsync(Lake lake, string spillFolder, string sql) => QueryAsync(lake, spillFolder, sql, Tables);

    /// <summary>The rows of a query over some tables.</summary>
    public static async Task<List<string>> QueryAsync(Lake lake, string spillFolder, string sql, IEnumerable<TableName> tables)
    {
        using LocalLease lease = new();
        using DuckDbSession session = new(new DuckDbOptions(1L << 30, 1), spillFolder);
        foreach (TableName name in tables)
        {
            DeltaTable table = new(lake.Store, name.Prefix);
            Snapshot snapshot = await table.GetSnapshotAsync(TestContext.Current.CancellationToken);
            await session.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {name.Layer}", TestContext.Current.CancellationToken);
            string relation = (await DeltaRelation.OfAsync(table, snapshot, lease, TestContext.Current.CancellationToken)).Relation;
            await session.ExecuteAsync($"CREATE VIEW {name} AS SELECT * FROM {relation} AS files", TestContext.Current.CancellationToken);
        }

        return await session.QueryAsync(
            $"SELECT coalesce(COLUMNS(*)::VARCHAR, '-') FROM ({sql})",
            static reader => string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)),
            TestContext.Current.CancellationToken);
    }

    /// <summary>All rows of all tables of Silver and Gold, each table's sorted; without the time of ingestion and, if so wanted, where they come from.</summary>
    public static async Task<string> DumpAsync(Lake lake, string spillFolder, bool withSources = true)
    {
        List<string> lines = [];
        foreach (TableName name in Tables)
        {
            string all = name.Layer == "silver" && !name.Name.EndsWith("_daily", StringComparison.Ordinal) && name.Name != "user_profiles" ? $"* EXCLUDE (_ingested_at, _batch{(withSources ? "" : ", _source, _offset")})" : "*";
            lines.Add($"== {name}");
            lines.AddRange(await QueryAsync(lake, spillFolder, $"SELECT {all} FROM {name} ORDER BY ALL"));
        }

        return string.Join('\n', lines);
    }
}
