using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LakehouseLab.IntegrationTests.S3;

namespace LakehouseLab.IntegrationTests.Spark.Cluster;

/// <summary>
/// A driver, two workers, Kafka and MinIO, which tests may harm. The workers have <c>lakelab-task</c> on their PATH, and nothing about S3 in
/// their environment. It starts with the first test that needs it.
/// </summary>
public sealed class SparkCluster : IAsyncDisposable
{
    // The stack's ports keep their distance, however they are shifted.
    private const int FromServerToPages = 14_040 - 15_002;

    private static readonly string[] s_systems = ["minio", "kafka", "spark", "--workers", "2"];

    // The credentials of every stack, which the tests' own process has.
    private static readonly string[] s_kept = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "S3_ENDPOINT"];

    private readonly HttpClient _http = new();
    private readonly InstalledProgram _program = new();
    private OwnStack? _stack;

    /// <summary>The lakelab-task of the workers.</summary>
    internal InstalledProgram Program => _program;

    /// <summary>What lakelab has in its environment to reach all of it.</summary>
    internal IReadOnlyDictionary<string, string> Variables => _stack!.Environment;

    /// <summary>The store.</summary>
    internal MinioServer Minio => new(new Uri(Variables["S3_ENDPOINT"]));

    /// <summary>The folder with its logs.</summary>
    internal string State => _stack!.State;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Pages => new($"http://127.0.0.1:{(new Uri(Variables["SPARK_REMOTE"].Replace("sc://", "http://", StringComparison.Ordinal)).Port + FromServerToPages).ToString(CultureInfo.InvariantCulture)}/api/v1/applications/");

    /// <summary>Starts it, or what of it was killed; skips the test where there is no stack.</summary>
    internal async Task StartAsync()
    {
        if (_stack is not null)
        {
            await _stack.DoAsync(["up", .. s_systems]);
            return;
        }

        await MinioServer.FindAsync();
        Dictionary<string, string> variables = s_kept.ToDictionary(static name => name, static _ => "");
        variables["PATH"] = $"{_program.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        _stack = await OwnStack.StartAsync(variables, s_systems);
    }

    /// <summary>Kills a unit of the stack.</summary>
    internal Task KillAsync(string unit) => _stack!.DoAsync("kill", unit);

    /// <summary>Kills the executor of a worker; the worker starts another.</summary>
    internal void KillExecutor(int worker)
    {
        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                if (IsExecutor(process.Id, Path.Combine(State, string.Create(CultureInfo.InvariantCulture, $"spark-worker-{worker}"))))
                {
                    process.Kill();
                }
            }
        }
    }

    /// <summary>Tasks that this driver's executors have begun; null while no driver answers.</summary>
    internal async Task<long?> CountTasksAsync()
    {
        try
        {
            using JsonDocument executors = JsonDocument.Parse(await ReadAsync("allexecutors"));
            return executors.RootElement.EnumerateArray().Sum(static executor => executor.GetProperty("totalTasks").GetInt64());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>A page of the driver's REST interface.</summary>
    internal async Task<string> ReadAsync(string page)
    {
        using JsonDocument applications = JsonDocument.Parse(await _http.GetStringAsync(Pages, Cancellation));
        return await _http.GetStringAsync(new Uri(Pages, $"{applications.RootElement[0].GetProperty("id").GetString()}/{page}"), Cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        _program.Dispose();
        _http.Dispose();
    }

    private static bool IsExecutor(int process, string folder)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("CoarseGrainedExecutorBackend", StringComparison.Ordinal)
                && File.ResolveLinkTarget($"/proc/{process}/cwd", returnFinalTarget: false)?.FullName.StartsWith(folder, StringComparison.Ordinal) == true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>Tests of one cluster, one after the other.</summary>
[CollectionDefinition]
public sealed class SparkClusterTests : ICollectionFixture<SparkCluster>;
