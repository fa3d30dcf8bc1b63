using System.Text.Json;
using LakehouseLab.IntegrationTests.Service;
using LakehouseLab.Tests;
using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>
/// Airflow with the provider and the example DAGs, the service of this build with a lake on MinIO, Kafka, and a chat. Tests may disturb them.
/// It starts with the first test that needs it.
/// </summary>
public sealed class AirflowLab : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Chat _chat;
    private readonly RecordingProxy _toService;
    private readonly RecordingProxy _toMinio;
    private OwnStack? _stack;
    private ServiceProcess? _service;

    public AirflowLab()
    {
        _chat = new Chat(() => Calls.Add("Airflow", "Chat", "POST webhook"));
        _toService = new RecordingProxy(Calls.AddServiceRequest, Calls.AddServiceAnswer);
        _toMinio = new RecordingProxy(Calls.AddStoreRequest);
    }

    /// <summary>What was asked between the processes.</summary>
    internal CallRecord Calls { get; } = new();

    /// <summary>Airflow.</summary>
    internal AirflowApi Airflow { get; private set; } = null!;

    /// <summary>The service, asked without being recorded.</summary>
    internal ServiceProcess Service => _service!;

    /// <summary>What the chat was told.</summary>
    internal IReadOnlyCollection<string> Messages => _chat.Messages;

    private string Dags => _folder.Combine("dags");

    /// <summary>Starts it, unless it runs; skips the test where there is no stack.</summary>
    internal async Task StartAsync()
    {
        if (_stack is not null)
        {
            return;
        }

        string packages = _folder.Combine("packages");
        await InstallProviderAsync(packages);
        int dags = CopyDags();
        _stack = await OwnStack.StartAsync(VariablesOfAirflow(packages), "minio", "kafka", "airflow", "--dags", Dags);
        _toMinio.Server = new Uri(_stack.Environment["S3_ENDPOINT"]);
        await StartServiceAsync();
        await ReachAirflowAsync();
        foreach (string dag in await Airflow.WaitForDagsAsync(dags))
        {
            // It starts by itself: only in its own test.
            if (dag != "lakehouse_lab_on_asset")
            {
                await Airflow.UnpauseAsync(dag);
            }
        }
    }

    /// <summary>Kills the service (SIGKILL).</summary>
    internal async Task KillServiceAsync()
    {
        _toService.Server = null;
        await Service.KillAsync();
        Service.Dispose();
    }

    /// <summary>Starts the service. For Airflow it has the address that it had before.</summary>
    internal async Task StartServiceAsync()
    {
        Dictionary<string, string> variables = new(_stack!.Environment) { ["S3_ENDPOINT"] = _toMinio.Address.GetLeftPart(UriPartial.Authority) };
        _service = await ServiceProcess.ServeAsync(variables, "--lake", "s3://lakehouse", "--state", _folder.Combine("state"), "--allowed-hosts", "127.0.0.1");
        _toService.Server = _service.Address;
    }

    /// <summary>Lets Airflow's requests to the service fail, a number of times at least, and get through again.</summary>
    /// <param name="during">What is done first.</param>
    /// <param name="failures">How many requests are to fail.</param>
    internal async Task BreakConnectionAsync(Func<Task> during, int failures)
    {
        int broken = _toService.Broken;
        _toService.Server = null;
        await during();
        await Eventually.HoldsAsync(() => Task.FromResult(_toService.Broken >= broken + failures));
        _toService.Server = Service.Address;
    }

    /// <summary>Kills Airflow with scheduler, triggerer and workers (SIGKILL), and starts it again.</summary>
    internal async Task RestartAirflowAsync()
    {
        await _stack!.DoAsync("kill", "airflow");
        await _stack.DoAsync("up", "airflow");
        await ReachAirflowAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Airflow?.Dispose();
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        _service?.Dispose();
        await _toService.DisposeAsync();
        await _toMinio.DisposeAsync();
        _chat.Dispose();
        _folder.Dispose();
    }

    private static string RepositoryFolder(params string[] names) => Path.Combine([Page.Repository, .. names]);

    private async Task InstallProviderAsync(string packages)
    {
        ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK") with
        {
            Variables = new Dictionary<string, string> { ["STACK_STATE"] = _folder.Combine("install"), ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        (int code, string output, string words) = await stack.RunAsync(
            "exec", "airflow", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", packages, RepositoryFolder("integrations", "airflow"));
        Assert.True(code == 0, output + words);
    }

    private int CopyDags()
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(RepositoryFolder("integrations", "airflow", "example_dags"), "*.py"),
            .. Directory.EnumerateFiles(RepositoryFolder("tests", "LakehouseLab.IntegrationTests", "Airflow", "dags"), "*.py"),
        ];
        Directory.CreateDirectory(Dags);
        foreach (string file in files)
        {
            File.Copy(file, Path.Combine(Dags, Path.GetFileName(file)));
        }

        // The DAGs of the tests are two in one file.
        return files.Length + 1;
    }

    private Dictionary<string, string> VariablesOfAirflow(string packages) => new()
    {
        ["PYTHONPATH"] = packages,
        ["AIRFLOW_CONN_LAKEHOUSE_LAB_DEFAULT"] = JsonSerializer.Serialize(new { conn_type = "lakehouse_lab", host = _toService.Address.GetLeftPart(UriPartial.Authority) }),
        ["AIRFLOW_VAR_LAKEHOUSE_LAB_WEBHOOK"] = _chat.Address.ToString(),
        ["AIRFLOW_VAR_LAKEHOUSE_LAB_SYNC"] = "minio",
    };

    private async Task ReachAirflowAsync()
    {
        Airflow?.Dispose();
        Airflow = new AirflowApi(new Uri(_stack!.Environment["AIRFLOW_URL"]));
        await Airflow.AuthenticateAsync();
    }
}

/// <summary>Tests of one Airflow, one after the other.</summary>
[CollectionDefinition]
public sealed class AirflowTests : ICollectionFixture<AirflowLab>;
