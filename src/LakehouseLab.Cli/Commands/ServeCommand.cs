using System.CommandLine;
using System.Runtime.CompilerServices;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server;
using LakehouseLab.Server.Settings;
using LakehouseLab.World;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>serve</c>: the emulator service.</summary>
internal sealed class ServeCommand : CommandWithExample
{
    private readonly Option<bool> _check = new("--check") { Description = "Ask the service at this host and port whether it is ready, and end: 0 if so, 1 if not." };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("serve", "Serve emulations, pipeline runs and audits of a lake over HTTP.", "lakelab serve --port 8000 --lake ./lake");

    public ServeCommand(Surroundings surroundings)
        : base(Words)
    {
        Add([KnownSettings.Lake, KnownSettings.Models, .. ServiceSettings.All, .. KnownSettings.OfWorld, KnownSettings.Threads, KnownSettings.MemoryLimit, KnownSettings.Remote, KnownSettings.Decode, KnownSettings.Catalog, .. KnownSettings.OfTopics]);
        Add(_check);
        Runs(surroundings, (call, cancellationToken) => call.Get(_check) ? CheckAsync(call, cancellationToken) : RunAsync(call, cancellationToken));
    }

    private static async Task<int> CheckAsync(CommandCall call, CancellationToken cancellationToken)
    {
        (bool isReady, string line) = await ServeCheck.AskAsync(call.Settings.Get(ServiceSettings.Host), call.Settings.Get(ServiceSettings.Port), cancellationToken).ConfigureAwait(false);
        call.Say(line);
        return isReady ? ExitCode.Done : ExitCode.HasFindings;
    }

    // Not inlined, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        // Each run reads them anew; what is wrong with them before the first is told here.
        _ = call.LoadModels();
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        using LakeLock held = await lake.LockAsync(LakePart.Records | LakePart.Jobs, cancellationToken).ConfigureAwait(false);
        EmulatorService service = await EmulatorService.StartAsync(lake, Read(call, lake, world.Settings), cancellationToken).ConfigureAwait(false);
        await using (service.ConfigureAwait(false))
        {
            call.Say($"lakelab serves lake '{lake.Location}' at {service.Address}: {service.Address}/docs shows how to ask it; Ctrl-C stops it");
            call.Say(service.Sinks.Count == 0
                ? "it delivers into the lake alone: S3_ENDPOINT and KAFKA_BOOTSTRAP_SERVERS would name more"
                : $"it delivers into the lake, {string.Join(" and ", service.Sinks)}");
            await service.WaitAsync(cancellationToken).ConfigureAwait(false);
            call.Say("lakelab stops: what runs goes on when it serves again");
        }

        return ExitCode.Done;
    }

    private static ServiceOptions Read(CommandCall call, Lake lake, WorldSettings world) => new()
    {
        World = world,
        LoadModels = call.LoadModels,
        Host = call.Settings.Get(ServiceSettings.Host),
        Port = call.Settings.Get(ServiceSettings.Port),
        ApiKey = call.Surroundings.Variable(ServiceSettings.KeyVariable) is { Length: > 0 } key ? key : null,
        AllowedHosts = ServiceSettings.Entries(call.Settings.Get(ServiceSettings.AllowedHosts)),
        StateFolder = StateFolder(call, lake),
        MaxRunning = call.Settings.Get(ServiceSettings.MaxRunning),
        MaxQueued = call.Settings.Get(ServiceSettings.MaxQueued),
        MaxRows = call.Settings.Get(ServiceSettings.MaxRows),
        MaxRate = call.Settings.Get(ServiceSettings.MaxRate) is > 0 and double rate ? rate : null,
        Buckets = ServiceSettings.Entries(call.Settings.Get(ServiceSettings.Buckets)),
        Topics = ServiceSettings.Entries(call.Settings.Get(ServiceSettings.Topics)),
        NewTopics = DeliveryOptions.ReadTopics(call),
        Threads = call.Settings.Get(KnownSettings.Threads),
        MemoryLimit = call.Settings.Get(KnownSettings.MemoryLimit),
        Spark = call.FindSpark(),
        Log = call.Settings.Get(ServiceSettings.Log) == "json" ? LogForm.Json : LogForm.Text,
        Variable = call.Surroundings.Variable,
        Clock = call.Surroundings.Clock,
    };

    // A database is a file: for a lake that is not a folder it is in a folder of the lake's name.
    private static string? StateFolder(CommandCall call, Lake lake)
    {
        if (call.Settings.Get(ServiceSettings.State) is { Length: > 0 } stated)
        {
            return stated;
        }

        if (!lake.Location.Contains("://", StringComparison.Ordinal))
        {
            return null;
        }

        string state = call.Surroundings.Variable("XDG_STATE_HOME") is { Length: > 0 } folder ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "lakelab", Uri.EscapeDataString(lake.Location));
    }
}
