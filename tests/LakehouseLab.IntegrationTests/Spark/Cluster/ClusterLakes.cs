using System.Text;
using LakehouseLab.IntegrationTests.S3;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Storage;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark.Cluster;

/// <summary>Two lakes with the same Bronze, byte for byte: one of the embedded engine in a folder, and one of the cluster in a folder or on S3.</summary>
internal sealed class ClusterLakes : IDisposable
{
    private static readonly string[] s_copied = ["raw/", "bronze/", "_lakelab/ranges/", "_lakelab/progress/bronze.transactions/"];

    private readonly TemporaryFolder _folder = new();
    private readonly SparkCluster _cluster;
    private readonly string[] _models;
    private readonly IObjectStore _source;
    private readonly IObjectStore _target;

    /// <summary>Makes the lakes.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="onS3">Whether the cluster's lake is on S3.</param>
    /// <param name="models">The tables to make, as folders of the lake.</param>
    public ClusterLakes(SparkCluster cluster, bool onS3, params string[] models)
    {
        _cluster = cluster;
        _models = models;
        OnSpark = onS3 ? $"s3://{MinioServer.NewBucket()}/some/lake" : _folder.Combine("on spark's [own] %41");
        _source = ObjectStores.Open(Embedded);
        S3Options options = cluster.Minio.Options(_folder);
        _target = ObjectStores.Open(OnSpark, () => options);
        Variables = new Dictionary<string, string>(cluster.Variables) { ["LAKELAB_LAKE"] = OnSpark, ["LAKELAB_CACHE_FOLDER"] = _folder.Path };
    }

    /// <summary>The lake of the embedded engine.</summary>
    public string Embedded => _folder.Combine("embedded");

    /// <summary>The lake of the cluster.</summary>
    public string OnSpark { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Variables { get; }

    private string Select => string.Join(' ', _models.Select(static model => model.Replace('/', '.')));

    /// <summary>Emulates so many more transactions, and makes the embedded engine's tables of them.</summary>
    public async Task AddAsync(int rows)
    {
        (int code, _, string words) = await LakelabProcess.RunAsync("emulate", "transaction", "--users", "100", "--first-row", "next", "--rows", $"{rows}", "--lake", Embedded, "--quiet");
        Assert.True(code == 0, words);
        Assert.Empty((await TwinLakes.RunAsync(Embedded, new PipelineRequest { Select = Select })).Failures);
        await _target.PrepareAsync(Cancellation);
        await CopyAsync("_lakelab/world.json");
        foreach (string prefix in s_copied)
        {
            await foreach (ObjectInfo item in _source.ListAsync(prefix, Cancellation))
            {
                if (!item.Key.EndsWith(".parquet", StringComparison.Ordinal) || await _target.FindAsync(item.Key, Cancellation) is null)
                {
                    await CopyAsync(item.Key);
                }
            }
        }

        async Task CopyAsync(string key) => await _target.PutAsync(key, (await _source.ReadAsync(key, Cancellation))!, Cancellation);
    }

    /// <summary>Data files that the cluster's lake, a folder, has of a layer.</summary>
    public IEnumerable<string> DataFilesOf(string layer) => Path.Combine(OnSpark, layer) is { } folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories) : [];

    /// <summary>Starts the same on the cluster.</summary>
    public LakelabProcess Start(string decode, string? select = null) =>
        LakelabProcess.Start(Variables, "pipeline", "run", "--engine", "spark", "--decode", decode, "--select", select ?? Select);

    /// <summary>Runs a command of lakelab over the cluster's lake.</summary>
    public async Task<(int Code, string Output, string Words)> RunAsync(params string[] arguments)
    {
        using LakelabProcess process = LakelabProcess.Start(Variables, arguments);
        return await process.EndAsync();
    }

    /// <summary>Runs the pipeline on the cluster until it ends well, as a user does who repeats the command.</summary>
    public async Task CompleteAsync(string decode)
    {
        StringBuilder told = new();
        for (int attempt = 0; attempt < 3; attempt++)
        {
            using LakelabProcess run = Start(decode);
            (int code, _, string words) = await run.EndAsync();
            if (code == 0)
            {
                return;
            }

            told.AppendLine(words);
        }

        Assert.Fail($"three runs did not complete the lake: {told}");
    }

    /// <summary>Asserts that the lakes have the same rows in all columns of the tables, and that the audit finds nothing.</summary>
    public async Task AssertCompleteAsync(string when)
    {
        string sql = string.Join(" UNION ALL ", _models.Append("silver/quarantine").Select(table =>
            $"SELECT '{table}' AS name, (SELECT count(*) FROM (SELECT * FROM {Of(Embedded)} EXCEPT ALL SELECT * FROM {Of(OnSpark)})) AS missing, (SELECT count(*) FROM (SELECT * FROM {Of(OnSpark)} EXCEPT ALL SELECT * FROM {Of(Embedded)})) AS more".Replace("TABLE", table, StringComparison.Ordinal)));
        (int code, string output, string words) = await RunAsync("query", $"SELECT * FROM ({sql}) WHERE missing + more > 0", "--format", "csv");
        Assert.True(code == 0, words);
        Assert.True(output.Trim() == "name,missing,more", $"{when}: {output}");
        (code, output, words) = await RunAsync("audit");
        Assert.True(code == 0, $"{when}: {output} {words}");

        static string Of(string lake) => $"delta('{lake.Replace("'", "''", StringComparison.Ordinal)}/TABLE')";
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
