using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Results;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>Runs the probes of the dialect on Spark: what a model may say means there what it means on the embedded engine.</summary>
public sealed class DialectProbeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Query_OfEachProbe_GivesTheRow()
    {
        SparkConnectionString server = SparkConnectionString.Parse(await StackSystem.FindAsync("SPARK_REMOTE", "spark"));
        await using SparkSession session = await SparkSession.OpenAsync(server, null, Cancellation);
        await session.SetConfigAsync(
            new Dictionary<string, string> { ["spark.sql.ansi.doubleQuotedIdentifiers"] = "true", ["spark.sql.session.timeZone"] = "UTC", ["spark.sql.parser.escapedStringLiterals"] = "true" }, Cancellation);
        List<string> wrong = [];
        foreach ((string sql, string row) in Probes())
        {
            IReadOnlyList<SparkColumn> columns = await session.DescribeAsync(sql, Cancellation);
            string texts = string.Join(", ", columns.Select(static column => $"CAST(`{column.Name}` AS STRING)"));
            using SparkResult result = await session.QueryAsync($"SELECT {texts} FROM ({sql}) AS probe", null, Cancellation);
            string[] found = [.. result.Rows.Select(found => string.Join(" | ", Enumerable.Range(0, columns.Count).Select(column => (string?)found[column] ?? "NULL")))];
            wrong.AddRange(found is [{ } only] && only == row ? [] : [$"{sql}: {string.Join("; ", found)}, not {row}"]);
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<(string Sql, string Row)> Probes()
    {
        using StreamReader reader = new(typeof(DialectProbeTests).Assembly.GetManifestResourceStream("probes.txt")!);
        List<string> sql = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('→'))
            {
                yield return (string.Join('\n', sql), line[Math.Min(2, line.Length)..]);
                sql.Clear();
            }
            else if (line.Length > 0 && !line.StartsWith('#') && !line.StartsWith('['))
            {
                sql.Add(line);
            }
        }
    }
}
