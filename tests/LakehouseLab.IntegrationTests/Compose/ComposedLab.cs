using System.Text.Json;
using LakehouseLab.Tests;
using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>The services of Compose as processes, beside a Kafka and an S3 server of the stack.</summary>
internal sealed class ComposedLab : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ComposedProcess> _processes = [];
    private readonly ComposeFile _file = ComposeFile.Load();
    private readonly OwnStack _stack;
    private readonly Dictionary<string, string> _addresses;
    private readonly string _servicePort = ComposedProcess.FreePort();
    private readonly string _airflowPort = ComposedProcess.FreePort();
    private readonly string _workerLogsPort = ComposedProcess.FreePort();
    private readonly string _triggerLogsPort = ComposedProcess.FreePort();

    private ComposedLab(OwnStack stack)
    {
        _stack = stack;
        _addresses = new()
        {
            ["http://minio:9000"] = stack.Environment["S3_ENDPOINT"],
            ["kafka:9092"] = stack.Environment["KAFKA_BOOTSTRAP_SERVERS"],
            ["lakelab:8000"] = $"127.0.0.1:{_servicePort}",
            ["airflow-api-server:8080"] = $"127.0.0.1:{_airflowPort}",
        };
    }

    /// <summary>Where Airflow's API server is.</summary>
    public Uri Airflow => new($"http://127.0.0.1:{_airflowPort}");

    /// <summary>Starts Kafka and the S3 server, or skips the test.</summary>
    public static async Task<ComposedLab> StartAsync() => new(await OwnStack.StartAsync("kafka", "minio"));

    /// <summary>Runs the job that makes the lake's bucket.</summary>
    public Task<(int Code, string Words)> MakeBucketsAsync(string? secret = null) =>
        ComposedProcess.RunAsync(_file.Services["buckets"], new ContainerPlace(_addresses, new Dictionary<string, string> { ["AWS_SECRET_ACCESS_KEY"] = secret ?? _stack.Environment["AWS_SECRET_ACCESS_KEY"] }));

    /// <summary>Starts the service by its image's command and waits until it is healthy.</summary>
    public Task StartServiceAsync()
    {
        string[] image = File.ReadAllLines(Path.Combine(Page.Repository, "deploy", "Dockerfile"));
        ComposeService service = _file.Services["lakelab"];
        service.Command = [.. Words(image, "ENTRYPOINT "), .. Words(image, "CMD ")];
        return StartAsync(service, new ContainerPlace(_addresses, new Dictionary<string, string>
        {
            ["AWS_SECRET_ACCESS_KEY"] = _stack.Environment["AWS_SECRET_ACCESS_KEY"],
            ["LAKELAB_STATE"] = _folder.Combine("state"),
            ["LAKELAB_CACHE_FOLDER"] = _folder.Combine("cache"),
            ["LAKELAB_HOST"] = "127.0.0.1",
            ["LAKELAB_PORT"] = _servicePort,
        }));
    }

    /// <summary>Installs the provider as the image of Airflow does, but without a network and beside Airflow's own packages.</summary>
    public async Task InstallProviderAsync()
    {
        string[] image = await File.ReadAllLinesAsync(Path.Combine(Page.Repository, "deploy", "airflow.Dockerfile"), TestContext.Current.CancellationToken);
        string source = Assert.Single(image, static line => line.StartsWith("COPY ", StringComparison.Ordinal)).Split(' ')[^2];
        (int code, string output, string words) = await Stack.RunAsync(
            "exec", "airflow", "pip", "install", "--no-deps", "--no-build-isolation", "--target", _folder.Combine("packages"), Path.Combine(Page.Repository, source));
        Assert.True(code == 0, output + words);
    }

    /// <summary>Runs Airflow's job.</summary>
    public Task<(int Code, string Words)> InitializeAirflowAsync() => ComposedProcess.RunAsync(_file.Services["airflow-init"], AirflowPlace());

    /// <summary>Starts a part of Airflow and waits until it is healthy.</summary>
    public Task StartAirflowAsync(string part) => StartAsync(_file.Services[part], AirflowPlace());

    public async ValueTask DisposeAsync()
    {
        foreach (ComposedProcess process in Enumerable.Reverse(_processes))
        {
            process.Dispose();
        }

        await _stack.DisposeAsync();
        _folder.Dispose();
    }

    private ExternalProgram Stack => ExternalProgram.Find("LAKELAB_STACK") with { Variables = new Dictionary<string, string> { ["STACK_STATE"] = _folder.Combine("airflow") } };

    // The stack's Airflow has no driver for PostgreSQL.
    private ContainerPlace AirflowPlace() => new(_addresses, new Dictionary<string, string>
    {
        ["AIRFLOW_HOME"] = _folder.Combine("airflow"),
        ["AIRFLOW__CORE__DAGS_FOLDER"] = Path.Combine(Page.Repository, "integrations", "airflow", "example_dags"),
        ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = $"sqlite:///{_folder.Combine("airflow.db")}",
        ["AIRFLOW__API__PORT"] = _airflowPort,
        ["AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT"] = _workerLogsPort,
        ["AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT"] = _triggerLogsPort,
        ["PYTHONPATH"] = _folder.Combine("packages"),
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    })
    {
        Program = Stack,
        Arguments = ["exec", "airflow"],
    };

    private Task StartAsync(ComposeService service, ContainerPlace place)
    {
        ComposedProcess process = ComposedProcess.Start(service, place);
        _processes.Add(process);
        return process.WaitUntilHealthyAsync(service, place);
    }

    private static string[] Words(string[] dockerfile, string instruction) =>
        JsonSerializer.Deserialize<string[]>(Assert.Single(dockerfile, line => line.StartsWith(instruction, StringComparison.Ordinal))[instruction.Length..])!;
}
