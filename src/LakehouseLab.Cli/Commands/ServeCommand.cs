using System.CommandLine;
using System.Runtime.CompilerServices;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>serve</c>: the emulator service.</summary>
internal sealed class ServeCommand : CommandWithExample
{
    private const string Check = "--check";

    public ServeCommand(Surroundings surroundings)
        : base("serve", "Serve emulations, pipeline runs and audits of a lake over HTTP.", "lakelab serve --port 8000 --lake ./lake")
    {
        Add([KnownSettings.Lake, .. ServiceSettings.All, .. KnownSettings.OfWorld, KnownSettings.Threads, KnownSettings.MemoryLimit, .. KnownSettings.OfTopics]);
        Add(new Option<bool>(Check) { Description = "Ask the service at this host and port whether it is ready, and end: 0 if so, 1 if not." });
        Runs(surroundings, static (call, cancellationToken) => call.Switch(Check) ? CheckAsync(call, cancellationToken) : RunAsync(call, cancellationToken));
    }

    private static async Task<int> CheckAsync(CommandCall call, CancellationToken cancellationToken)
    {
        (bool isReady, string line) = await ServeCheck.AskAsync(call.Settings.Get(ServiceSettings.Host), call.Settings.Get(ServiceSettings.Port), cancellationToken).ConfigureAwait(false);
        call.Say(line);
        return isReady ? ExitCode.Done : ExitCode.FoundWanting;
    }

    // Not inlined, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        using LakeLock held = lake.Lock(LakePart.Records);
        EmulatorService service = await EmulatorService.StartAsync(lake, Read(call, lake, world.Settings), cancellationToken).ConfigureAwait(false);
        await using (service.ConfigureAwait(false))
        {
            call.Say($"lakelab serves lake '{lake.Location}' at {service.Address}: {service.Address}/docs shows how to ask it; Ctrl-C stops it");
            call.Say(service.Sinks.Count == 0
                ? "it delivers into the lake alone: S3_ENDPOINT and KAFKA_BOOTSTRAP_SERVERS would name more"
                : $"it delivers into the lake, {string.Join(" and ", service.Sinks)}");
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            call.Say("lakelab stops: what runs goes on when it serves again");
        }

        return ExitCode.Done;
    }

    private static ServiceOptions Read(CommandCall call, Lake lake, WorldSettings world) => new()
    {
        World = world,
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
        NewTopics = DeliveryFlags.ReadTopics(call),
        Threads = call.Settings.Get(KnownSettings.Threads),
        MemoryLimit = call.Settings.Get(KnownSettings.MemoryLimit),
        Log = call.Settings.Get(ServiceSettings.Log) == "json" ? LogForm.Json : LogForm.Text,
        Variable = call.Surroundings.Variable,
        Clock = call.Surroundings.Clock,
    };

    // A database is a file: beside a lake that is none it lies in a folder of the lake's name.
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
