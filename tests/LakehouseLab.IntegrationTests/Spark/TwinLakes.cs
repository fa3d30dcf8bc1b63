using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Spark;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>Two lakes with the same Bronze, byte for byte: the embedded engine makes the tables of one, Spark those of the other.</summary>
internal sealed class TwinLakes : IDisposable
{
    /// <summary>Every table above Bronze that models make.</summary>
    public static readonly string[] Tables =
    [
        "silver/quarantine", "silver/transactions", "silver/transactions_daily", "silver/user_profiles_history", "silver/user_profiles", "silver/device_logs",
        "gold/daily_spend", "gold/customer_360", "gold/device_activity", "gold/fraud_features", "gold/merchant_performance",
    ];

    private static readonly string[] s_copied = ["raw", "bronze", "_lakelab/ranges", "_lakelab/progress/bronze.user_profiles", "_lakelab/progress/bronze.transactions", "_lakelab/progress/bronze.device_logs"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The lake of the embedded engine.</summary>
    public string Embedded => Path.Combine(_folder.Path, "embedded");

    /// <summary>The lake of Spark; its name has what a path may have.</summary>
    public string OnSpark => Path.Combine(_folder.Path, "on spark's [own] %41");

    /// <summary>The server.</summary>
    public static async Task<SparkOptions> FindSparkAsync(string decode = "client", string catalog = "") =>
        SparkOptions.Parse(await StackSystem.FindAsync("SPARK_REMOTE", "spark"), decode, catalog);

    /// <summary>Emulates into the first lake.</summary>
    public async Task EmulateAsync(params string[] arguments)
    {
        (int code, _, string words) = await LakelabProcess.RunAsync(["emulate", "all", "--lake", Embedded, .. arguments]);
        Assert.True(code == 0, words);
    }

    /// <summary>Puts a raw file of somebody else into the first lake.</summary>
    public async Task PutAsync(string key, params IEnumerable<string> lines) =>
        await (await Lake.OpenAsync(Embedded, Cancellation)).Store.PutAsync(key, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), Cancellation);

    /// <summary>Runs the pipeline of the first lake.</summary>
    public Task<PipelineReport> RunEmbeddedAsync(PipelineRequest? request = null) => RunAsync(Embedded, request ?? new PipelineRequest());

    /// <summary>Gives the other lake the same Bronze, and runs its pipeline on Spark.</summary>
    public async Task<PipelineReport> RunSparkAsync(PipelineRequest? request = null, string catalog = "")
    {
        CopyBronze();
        return await RunAsync(OnSpark, (request ?? new PipelineRequest()) with { Spark = await FindSparkAsync(catalog: catalog) });
    }

    /// <summary>Gives the other lake the same Bronze.</summary>
    public void CopyBronze()
    {
        foreach (string folder in s_copied)
        {
            Copy(Path.Combine(Embedded, folder), Path.Combine(OnSpark, folder));
        }

        File.Copy(Path.Combine(Embedded, "_lakelab/world.json"), Path.Combine(OnSpark, "_lakelab/world.json"), overwrite: true);
    }

    /// <summary>Asserts that all columns of all tables are the same in both lakes.</summary>
    public async Task AssertSameAsync(string when)
    {
        List<string> differences = [];
        foreach (string table in Tables)
        {
            string one = Relation(Embedded, table);
            string other = Relation(OnSpark, table);
            string rows = await ScalarAsync($"SELECT count(*) FROM {one}");
            string missing = await ScalarAsync($"SELECT count(*) FROM (SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other})");
            string more = await ScalarAsync($"SELECT count(*) FROM (SELECT * FROM {other} EXCEPT ALL SELECT * FROM {one})");
            if (missing != "0" || more != "0")
            {
                differences.Add($"{table}: of {rows} rows Spark lacks {missing} and has {more} others");
            }
        }

        Assert.True(differences.Count == 0, $"{when}: {string.Join("; ", differences)}");
    }

    /// <summary>A number of a query over the lakes.</summary>
    public static async Task<string> ScalarAsync(string sql)
    {
        using LakeQuery query = new(await Lake.OpenAsync("no-lake", Cancellation), threads: 1);
        using QueryResult result = await query.RunAsync(sql, Cancellation);
        Assert.True(result.ReadChunk());
        return result.GetText(0, 0)!;
    }

    /// <summary>A table of a lake, to stand after FROM.</summary>
    public static string Relation(string lake, string table) => $"delta('{Path.Combine(lake, table).Replace("'", "''", StringComparison.Ordinal)}')";

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>Runs a pipeline.</summary>
    public static async Task<PipelineReport> RunAsync(string lake, PipelineRequest request) =>
        await PipelineRun.RunAsync(await Lake.OpenAsync(lake, Cancellation), request, TimeProvider.System, null, Cancellation);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [])
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
