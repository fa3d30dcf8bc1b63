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
    // The service asks for it, unless it is asked by the name localhost, as clients do that know no keys.
    private const string Key = "the key of these tests";

    // They start by themselves: only in their own tests.
    private static readonly string[] s_scheduled = ["lakehouse_lab_on_asset", "lakehouse_lab_daily", "catch_up"];

    private static readonly string[] s_ofTests = ["on_call", "on_call_timeout", "on_call_elsewhere", "catch_up", "as_before"];

    private readonly TemporaryFolder _folder = new();
    private readonly Chat _chat;
    private readonly RecordingProxy _toService;
    private readonly RecordingProxy _toMinio;
    private readonly string[] _systems;
    private readonly Dictionary<string, AirflowPart> _parts = [];
    private OwnStack? _stack;
    private ServiceProcess? _service;

    // What went wrong with the first test goes wrong with each.
    private Task? _starting;

    public AirflowLab()
        : this([])
    {
    }

    /// <summary>Makes a lab with more systems beside it, such as Spark.</summary>
    internal AirflowLab(params string[] systems)
    {
        _systems = systems;
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

    /// <summary>The fields of the connection to the service.</summary>
    internal Dictionary<string, object> Connection => new()
    {
        ["conn_type"] = "lakehouse_lab",
        ["host"] = _toService.Address.GetLeftPart(UriPartial.Authority),
        ["password"] = Key,
    };

    /// <summary>What the chat was told.</summary>
    internal IReadOnlyCollection<string> Messages => _chat.Messages;

    private string Dags => _folder.Combine("dags");

    /// <summary>Starts it, unless it runs; skips the test where there is no stack.</summary>
    internal Task StartAsync() => _starting ??= StartOnceAsync();

    /// <summary>Ends what a test has left at work, as one does that failed: runs of these DAGs, and all emulations.</summary>
    internal async Task CleanUpAsync(params string[] dags)
    {
        if (_service is null)
        {
            return;
        }

        foreach (string dag in dags)
        {
            await Airflow.FailRunsAsync(dag);
        }

        await Service.CancelAllAsync();
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
        Dictionary<string, string> variables = new(_stack!.Environment)
        {
            ["S3_ENDPOINT"] = _toMinio.Address.GetLeftPart(UriPartial.Authority),
            ["LAKELAB_API_KEY"] = Key,
        };
        _service = await ServiceProcess.ServeAsync(variables, "--lake", "s3://lakehouse", "--state", _folder.Combine("state"), "--allowed-hosts", "localhost");
        _toService.Server = _service.Address;
    }

    /// <summary>Lets Airflow's connections to the service break, a number of times at least, and get through again.</summary>
    /// <param name="during">What is done first.</param>
    /// <param name="failures">How many are to break.</param>
    internal async Task BreakConnectionAsync(Func<Task> during, int failures)
    {
        int broken = _toService.Broken;
        _toService.Server = null;
        await during();
        await Eventually.HoldsAsync(() => Task.FromResult(_toService.Broken >= broken + failures));
        _toService.Server = Service.Address;
    }

    /// <summary>Lets Airflow's requests to the service be answered with 500, a number of times at least, and get through again.</summary>
    /// <param name="during">What is done first.</param>
    /// <param name="failures">How many are to be answered so.</param>
    internal async Task FailRequestsAsync(Func<Task> during, int failures)
    {
        int broken = _toService.Broken;
        await _toService.FailAsync(true);
        await during();
        await Eventually.HoldsAsync(() => Task.FromResult(_toService.Broken >= broken + failures));
        await _toService.FailAsync(false);
    }

    /// <summary>Runs a command of the stack, such as <c>kill spark-connect</c>.</summary>
    internal Task DoAsync(params string[] arguments) => _stack!.DoAsync(arguments);

    /// <summary>Kills one of Airflow's processes (SIGKILL), such as its triggerer, and starts it again, while the others go on.</summary>
    internal async Task RestartPartAsync(string name)
    {
        if (!_parts.TryGetValue(name, out AirflowPart? part))
        {
            _parts[name] = part = new AirflowPart(_stack!, name);
        }

        await part.KillAsync();
        part.Start();
    }

    /// <summary>Kills Airflow with scheduler, triggerer and workers (SIGKILL), and starts it again.</summary>
    internal async Task RestartAirflowAsync()
    {
        await _stack!.DoAsync("kill", "airflow");
        EndParts();
        await _stack.DoAsync("up", "airflow");
        await ReachAirflowAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Airflow?.Dispose();
        EndParts();
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

    private async Task StartOnceAsync()
    {
        string packages = _folder.Combine("packages");
        await InstallProviderAsync(packages);
        string[] dags = CopyDags();
        _stack = await OwnStack.StartAsync(VariablesOfAirflow(packages), ["minio", "kafka", .. _systems, "airflow", "--dags", Dags]);
        _toMinio.Server = new Uri(_stack.Environment["S3_ENDPOINT"]);
        await StartServiceAsync();
        await ReachAirflowAsync();
        await Airflow.WaitForDagsAsync(dags);
        foreach (string dag in dags.Except(s_scheduled))
        {
            await Airflow.UnpauseAsync(dag);
        }
    }

    private void EndParts()
    {
        foreach (AirflowPart part in _parts.Values)
        {
            part.Dispose();
        }

        _parts.Clear();
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

    // Returns the ids of the DAGs.
    private string[] CopyDags()
    {
        string[] examples = Directory.GetFiles(RepositoryFolder("integrations", "airflow", "example_dags"), "*.py");
        Directory.CreateDirectory(Dags);
        foreach (string file in examples.Concat(Directory.EnumerateFiles(RepositoryFolder("tests", "LakehouseLab.IntegrationTests", "Airflow", "dags"), "*.py")))
        {
            File.Copy(file, Path.Combine(Dags, Path.GetFileName(file)));
        }

        return [.. examples.Select(static file => Path.GetFileNameWithoutExtension(file)), .. s_ofTests];
    }

    private Dictionary<string, string> VariablesOfAirflow(string packages) => new()
    {
        ["PYTHONPATH"] = packages,
        ["AIRFLOW_CONN_LAKEHOUSE_LAB_DEFAULT"] = JsonSerializer.Serialize(Connection),
        ["AIRFLOW_CONN_DATA_EMULATOR"] = $"http://localhost:{_toService.Address.Port}",
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
