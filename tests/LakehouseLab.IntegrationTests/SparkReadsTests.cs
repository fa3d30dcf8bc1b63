using System.Globalization;
using System.Text.Json;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Tests.Delta;

namespace LakehouseLab.IntegrationTests;

/// <summary>Delta's own implementation reads our tables: its answers, also where it leaves out files by our statistics, are ours and the model's.</summary>
public sealed class SparkReadsTests
{
    private const int Commits = 14;
    private const string Aggregates = "count(*) AS n, sum(id) AS ids, count(name) AS names, count(`at`) AS instants, count(part) AS parts";

    private static readonly DateTime s_start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string?[] s_parts = ["plain", "a b/%é=", null];

    private sealed record Row(long? Id, string? Name, DateTime? At, string? Part);

    [Fact]
    public async Task Spark_TablesWithAppendsReplacementsAndCheckpoints_AnswersAsWeDo()
    {
        ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK");
        using SmallTable table = new();
        List<Row> rows = await WriteAsync(table);
        (string Filter, Func<Row, bool> Matches)[] filters = [.. Filters()];
        string[] statements = [.. filters.Select((filter, number) => string.Create(CultureInfo.InvariantCulture, $"SELECT {number} AS number, {Aggregates} FROM {{0}} WHERE {filter.Filter}"))];

        string[] expected = [.. filters.Select((filter, number) => Describe(number, rows.Where(filter.Matches)))];
        string[] ours = await Task.WhenAll(statements.Select(statement => QueryAsync(string.Format(CultureInfo.InvariantCulture, statement, $"delta('{table.Folder}')"))));
        Assert.Equal(expected, ours);

        (int code, string output, string words) = await stack.RunAsync(
            ["sql", .. statements.Select(statement => string.Format(CultureInfo.InvariantCulture, statement, $"delta.`{table.Folder}`"))]);
        Assert.True(code == 0, words);
        string[] theirs = [.. output.Split('\n').Where(line => line.StartsWith('{')).Select(Normalise)];
        Assert.Equal(expected, theirs);
    }

    // Appends beyond a checkpoint, whose commits are then cleaned up; a replaced partition; a rearrangement; a new column.
    private static async Task<List<Row>> WriteAsync(SmallTable table)
    {
        await table.CreateAsync(new StructType([.. SmallTable.Schema.Fields, new StructField("part", PrimitiveType.Text)]), ["part"]);
        List<Row> rows = [];
        for (int commit = 0; commit < Commits; commit++)
        {
            await table.ChangeAsync((transaction, _) =>
            {
                foreach (string? part in s_parts)
                {
                    Row[] added = [.. Enumerable.Range(0, 5).Select(number => MakeRow(rows.Count + number, part))];
                    rows.AddRange(added);
                    transaction.Add(Write(table, $"{rows.Count}.parquet", part, added));
                }
            });
        }

        await table.ChangeAsync((transaction, snapshot) =>
        {
            foreach (AddFile file in snapshot.Files.Where(file => file.PartitionValues["part"] is null))
            {
                transaction.Remove(file, dataChange: true);
            }

            rows.RemoveAll(row => row.Part is null);
            Row[] added = [MakeRow(1_000, null), MakeRow(1_001, null)];
            rows.AddRange(added);
            transaction.Add(Write(table, "replaced.parquet", null, added));
        });
        await table.ChangeAsync((transaction, snapshot) =>
        {
            foreach (AddFile file in snapshot.Files.Where(file => file.PartitionValues["part"] == s_parts[1]))
            {
                transaction.Remove(file, dataChange: false);
            }

            transaction.Add(Write(table, "compacted.parquet", s_parts[1], [.. rows.Where(row => row.Part == s_parts[1])]) with { DataChange = false });
        });
        await table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("extra", new PrimitiveType("decimal(18,4)"))));
        for (long version = 0; version < DeltaTransaction.CheckpointInterval; version++)
        {
            File.Delete(table.CommitPath(version));
        }

        return rows;
    }

    private static Row MakeRow(int number, string? part) => new(
        number % 7 == 6 ? null : number,
        number % 5 == 4 ? null : $"{new string('n', 30)}😀{number:D4} is longer than statistics are",
        number % 3 == 2 ? null : s_start.AddMicroseconds(number * 1_001L),
        part);

    private static AddFile Write(SmallTable table, string name, string? part, Row[] rows) => table.WriteRows(
        $"part={part?.Replace('/', '_') ?? "null"}/{name}",
        new Dictionary<string, string?> { ["part"] = part },
        [.. rows.Select(row => (row.Id, row.Name, row.At))]);

    // Each row is looked for by each column, also at the bounds of its file's statistics.
    private static IEnumerable<(string Filter, Func<Row, bool> Matches)> Filters()
    {
        yield return ("true", static _ => true);
        yield return ("part = 'plain'", static row => row.Part == "plain");
        yield return ("part = 'a b/%é='", static row => row.Part == "a b/%é=");
        yield return ("part IS NULL", static row => row.Part is null);
        yield return ("extra IS NULL", static _ => true);
        yield return ("extra IS NOT NULL", static _ => false);
        yield return ("id IS NULL", static row => row.Id is null);
        yield return ("name IS NULL", static row => row.Name is null);
        yield return ("`at` IS NULL", static row => row.At is null);
        foreach (int number in new[] { 0, 19, 45, 46, 100, 1_001 })
        {
            Row wanted = MakeRow(number, null);
            string instant = s_start.AddMicroseconds(number * 1_001L).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            yield return (string.Create(CultureInfo.InvariantCulture, $"id = {number}"), row => row.Id == number);
            yield return (string.Create(CultureInfo.InvariantCulture, $"id > {number}"), row => row.Id > number);
            yield return ($"`at` = TIMESTAMP '{instant}'", row => wanted.At is not null && row.At == wanted.At);
            yield return ($"`at` >= TIMESTAMP '{instant}'", row => row.At >= s_start.AddMicroseconds(number * 1_001L));
            yield return ($"name = '{wanted.Name ?? "none"}'", row => wanted.Name is not null && row.Name == wanted.Name);
            yield return ($"name <= '{wanted.Name ?? "none"}'", row => row.Name is not null && string.CompareOrdinal(row.Name, wanted.Name ?? "none") <= 0);
        }
    }

    private static string Describe(int number, IEnumerable<Row> rows)
    {
        Row[] found = [.. rows];
        return Describe(number, found.Length, found.Any(row => row.Id is not null) ? found.Sum(row => row.Id ?? 0) : null, found.Count(row => row.Name is not null), found.Count(row => row.At is not null), found.Count(row => row.Part is not null));
    }

    private static string Describe(long number, long rows, long? ids, long names, long instants, long parts) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}: {rows} rows, ids {ids}, names {names}, instants {instants}, parts {parts}");

    // Spark leaves out what is null.
    private static string Normalise(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        long Of(string name) => document.RootElement.GetProperty(name).GetInt64();
        long? ids = document.RootElement.TryGetProperty("ids", out JsonElement sum) && sum.ValueKind == JsonValueKind.Number ? sum.GetInt64() : null;
        return Describe(Of("number"), Of("n"), ids, Of("names"), Of("instants"), Of("parts"));
    }

    private static async Task<string> QueryAsync(string sql)
    {
        using LakeQuery query = new(await Lake.OpenAsync("no-lake", TestContext.Current.CancellationToken), threads: 1);
        using QueryResult result = await query.RunAsync(sql, TestContext.Current.CancellationToken);
        Assert.True(result.ReadChunk());
        using MemoryStream json = new();
        await using (Utf8JsonWriter writer = new(json))
        {
            result.WriteJson(writer, 0);
        }

        return Normalise(System.Text.Encoding.UTF8.GetString(json.ToArray()));
    }
}
