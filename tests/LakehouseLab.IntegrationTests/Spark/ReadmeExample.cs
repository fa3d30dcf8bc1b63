using Apache.Arrow;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Results;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>The example of the client's README, which a test compares and runs.</summary>
internal static class ReadmeExample
{
#pragma warning disable CA2016 // The example has no token, to be short.
    // README begins
    public static async Task CountSalesAsync(string remote, string path, TextWriter output)
    {
        await using SparkSession session = await SparkSession.OpenAsync(SparkConnectionString.Parse(remote));

        await session.WriteAsync("SELECT id, id % 3 AS shop FROM range(1000)", new SparkWrite { Path = path, PartitionBy = ["shop"] });

        using SparkResult result = await session.QueryAsync($"SELECT shop, count(*) AS sales FROM delta.`{path}` GROUP BY shop ORDER BY shop");
        foreach (SparkRow row in result.Rows)
        {
            output.WriteLine($"shop {row["shop"]}: {row.Get<long>("sales")} sales");
        }

        long rows = 0;
        await foreach (RecordBatch batch in session.StreamAsync($"SELECT * FROM delta.`{path}`"))
        {
            rows += batch.Length;
        }

        output.WriteLine($"{rows} rows streamed");
        try
        {
            await session.ExecuteAsync($"INSERT INTO delta.`{path}` SELECT 1 DIV 0, 0");
        }
        catch (SparkStatementException error)
        {
            output.WriteLine($"{error.ErrorClass}, SQL state {error.SqlState}");
        }
    }
    // README ends
#pragma warning restore CA2016
}
