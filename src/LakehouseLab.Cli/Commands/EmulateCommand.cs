using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>emulate</c>: makes rows of a domain, or of all domains in one span of time, and delivers them.</summary>
internal sealed class EmulateCommand : CommandWithExample
{
    private const string Next = "next";
    private const long DefaultRows = 1_000_000;

    private readonly ValueArgument<IReadOnlyList<Domain>> _domain =
        new("domain", $"{DomainName.Choices}|{DomainName.All}", "What to make.", DomainName.ParseOrAll) { Offers = static () => DomainName.WordsAndAll };

    private readonly ValueOption<long?> _rows = new("--rows", "COUNT", "How many rows; of all: transactions [1M, or up to --until]", static text => Count.Parse(text, 1, RowSelection.MaxRow));

    // Null: the first row that the lake has not claimed.
    private readonly ValueOption<long?> _firstRow = new(
        "--first-row", "ROW|next", "First row, from 0, or the first that the lake has not claimed [0]", static text => text == Next ? null : Count.Parse(text, 0, RowSelection.MaxRow))
    { Default = 0, Offers = static () => [Next] };

    private readonly ValueOption<DateTimeOffset?> _from = new("--from", "DATE", "Instead of a first row: the earliest event time.", static text => Instant.Parse(text));
    private readonly ValueOption<DateTimeOffset?> _until = new("--until", "DATE", "The event time before which the rows end, if --rows does not end them earlier.", static text => Instant.Parse(text));
    private readonly ValueOption<Shard?> _shard = new("--shard", "I/N", "Of these rows, those of part I of N: for N processes at once, on any machines.", static text => Shard.Parse(text));
    private readonly ValueOption<Guid?> _emulation = new("--emulation", "UUID", "The emulation that is to go on, by its id.", static text => EmulationName.Parse(text));
    private readonly ValueOption<string?> _out = new("--out", "FOLDER|-|null", "Instead of a lake: a folder, - for standard output, or null to measure.", static text => text);
    private readonly DeliveryOptions _delivery = new();

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("emulate", "Make rows of a domain and deliver them.", "lakelab emulate transaction --rows 1M --seed 7 --lake ./lake", $"{DomainName.Choices}|{DomainName.All}");

    public EmulateCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_domain);
        Add([_rows, _firstRow, _from, _until, _shard, _emulation, _out, .. _delivery.All]);
        Add([KnownSettings.Lake, .. KnownSettings.OfWorld, KnownSettings.Labels, KnownSettings.Threads, KnownSettings.MaxChunkSize, .. KnownSettings.OfTopics]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<Domain> domains = call.Get(_domain);
        string? place = call.Get(_out);
        Guid? emulation = FindEmulation(call, domains);
        RowSelection selection = Select(call);
        EmulationOptions options = _delivery.Read(call, selection.Rows, besideLake: place is not null);
        RefuseOpen(domains, selection, options, place);

        long began = call.Surroundings.Clock.GetTimestamp();
        IReadOnlyList<EmulationReport> reports = await ProgressBoard.RunAsync(call, shown: place != "-", async board =>
        {
            EmulationBars bars = new(board);
            return place is null
                ? await IntoLakeAsync(call, domains, selection, emulation, options, bars, cancellationToken).ConfigureAwait(false)
                : await BesideLakeAsync(call, EmulationOutlet.Open(_out.Name, place, call.Surroundings.Output), domains, selection, emulation, options, bars, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        Tell(call, reports, call.Surroundings.Clock.GetElapsedTime(began), json: call.Json && place != "-");
        return ExitCode.Done;
    }

    private Guid? FindEmulation(CommandCall call, IReadOnlyList<Domain> domains)
    {
        Guid? emulation = call.Get(_emulation);
        if (emulation is null)
        {
            return null;
        }

        if (domains.Count > 1)
        {
            throw new InvalidRequestException($"{_emulation.Name} names an emulation of one domain: name that domain instead of {DomainName.All}");
        }

        return (call.FindGiven(_rows, _firstRow, _from, _until, _shard) ?? call.FindGiven([KnownSettings.Labels, .. KnownSettings.OfWorld])) is { } stated
            ? throw new InvalidRequestException($"{stated.Name} and {_emulation.Name} exclude each other: the emulation goes on as it was begun")
            : emulation;
    }

    // An emulation without an end claims its rows piece by piece: one of a domain, and none beside a lake but to a stream.
    private void RefuseOpen(IReadOnlyList<Domain> domains, RowSelection selection, EmulationOptions options, string? place)
    {
        if (domains.Count > 1 && selection is { Rows: null, Until: null })
        {
            throw new InvalidRequestException($"{_delivery.Duration.Name} takes one domain at a time: name one, or give {_rows.Name} or {_until.Name}");
        }

        if (place is not null && options.Destination != Destination.Lake)
        {
            throw new InvalidRequestException($"{_out.Name} and --sync {options.Destination.Name} exclude each other: give one of them");
        }

        if (domains.Count > 1 && options.Destination is { Sync: SyncSystem.Kafka, Location: not null })
        {
            throw new InvalidRequestException($"--topic takes one domain at a time: name one, or leave it out, and each domain has its own");
        }
    }

    private bool BeginsAtNextRow(CommandCall call) => call.Get(_firstRow) is null;

    private RowSelection Select(CommandCall call)
    {
        if (call.IsGiven(_from) && call.IsGiven(_firstRow))
        {
            throw new InvalidRequestException($"{_from.Name} and {_firstRow.Name} exclude each other: give one of them");
        }

        if (BeginsAtNextRow(call) && call.Get(_out) is { } place)
        {
            throw new InvalidRequestException($"{_firstRow.Name}: '{Next}' is where a lake's rows end, and {_out.Name} {place} has no lake: give a row from 0");
        }

        RefuseOpenShard(call);
        return new RowSelection
        {
            FirstRow = call.Get(_firstRow) ?? 0,
            From = call.Get(_from),
            Rows = call.Get(_rows) ?? (call.FindGiven(_until, _delivery.Duration) is null ? DefaultRows : null),
            Until = call.Get(_until),
            Shard = call.Get(_shard),
        };
    }

    // All shards must split the same rows, whenever each of them begins.
    private void RefuseOpenShard(CommandCall call)
    {
        if (call.Get(_shard) is not { } shard)
        {
            return;
        }

        if (BeginsAtNextRow(call))
        {
            throw new InvalidRequestException($"{_shard.Name} {shard}: '{Next}' is another row for each shard: give {_firstRow.Name} a number, the same for all shards");
        }

        if (call.FindGiven(_rows, _until) is null)
        {
            throw new InvalidRequestException($"{_shard.Name} {shard}: it is not said which rows are split: give {_rows.Name} or {_until.Name}, the same for all shards");
        }
    }

    private async Task<IReadOnlyList<EmulationReport>> IntoLakeAsync(
        CommandCall call, IReadOnlyList<Domain> domains, RowSelection selection, Guid? emulation, EmulationOptions options, EmulationBars bars, CancellationToken cancellationToken)
    {
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        await lake.RefuseOtherAsync(world.Settings, cancellationToken).ConfigureAwait(false);
        if (options.Destination is { Sync: SyncSystem.Kafka } kafka)
        {
            await TopicDomains.RefuseOtherAsync(lake, [.. domains.Select(domain => (kafka.Location ?? domain.Topic, domain.Name))], cancellationToken).ConfigureAwait(false);
        }

        using LakeLock held = await lake.LockAsync(LakePart.Records, cancellationToken).ConfigureAwait(false);
        if (domains.Count > 1)
        {
            RowSelection rows = await ResolveAsync(call, lake, world, Domain.Measure, selection, cancellationToken).ConfigureAwait(false);
            LakeGrowth growth = new(lake);
            IReadOnlyList<DomainGrowth> plan = await growth.PlanAsync(world, rows, options, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<DomainGrowthResult> results = await growth.RunAsync(plan, bars, cancellationToken).ConfigureAwait(false);
            return [.. results.Select(result => new EmulationReport(result, lake.Location))];
        }

        return BeginsAtNextRow(call) && emulation is null
            ? [await NextRowsAsync(call, lake, world, domains[0], selection, options, bars, cancellationToken).ConfigureAwait(false)]
            : [await RunAsync(emulation is { } id
                ? await BegunEmulation.FindAsync(id, domains[0], lake, options, cancellationToken).ConfigureAwait(false)
                : Request(world, domains[0], selection, options)).ConfigureAwait(false)];

        async Task<EmulationReport> RunAsync(EmulationRequest request) =>
            new(await Emulator.RunAsync(request, lake, Control(call, bars), cancellationToken).ConfigureAwait(false), PlaceOf(request, lake));
    }

    // The same command would take the rows after these, so the emulation has an id of its own, by which it can go on.
    private async Task<EmulationReport> NextRowsAsync(
        CommandCall call, Lake lake, EmulatedWorld world, Domain domain, RowSelection selection, EmulationOptions options, EmulationBars bars, CancellationToken cancellationToken)
    {
        Guid id = EmulationId.New(call.Surroundings.Clock);
        EmulationRequest? request = null;
        try
        {
            EmulationResult result = await Emulator.RunFreeAsync(
                async token => request = Request(world, domain, await ResolveAsync(call, lake, world, domain, selection, token).ConfigureAwait(false), options) with { Emulation = id },
                lake, Control(call, bars), cancellationToken).ConfigureAwait(false);
            return new EmulationReport(result, PlaceOf(request!, lake));
        }
        catch (OperationCanceledException exception)
        {
            throw await new ManifestStore(lake.Store).FindAsync(id, CancellationToken.None).ConfigureAwait(false) is not null
                ? new InterruptedException($"interrupted: what was finished is valid; go on with lakelab emulate {domain.Name} --emulation {id} --lake {lake.Location}", exception)
                : exception;
        }
    }

    private async Task<RowSelection> ResolveAsync(
        CommandCall call, Lake lake, EmulatedWorld world, Domain domain, RowSelection selection, CancellationToken cancellationToken) =>
        BeginsAtNextRow(call) ? selection with { FirstRow = await Emulator.FindNextRowAsync(lake, world, domain, cancellationToken).ConfigureAwait(false) } : selection;

    private static async Task<IReadOnlyList<EmulationReport>> BesideLakeAsync(
        CommandCall call, EmulationOutlet outlet, IReadOnlyList<Domain> domains, RowSelection selection, Guid? emulation, EmulationOptions options, EmulationBars bars, CancellationToken cancellationToken)
    {
        EmulatedWorld world = await call.MakeWorldAsync(null, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<EmulationRequest> requests = emulation is { } id
            ? [await outlet.ContinueAsync(id, domains[0], options, cancellationToken).ConfigureAwait(false)]
            : domains.Count > 1
            ? [.. outlet.OneByOne(selection.OfAll(world)).Where(domain => domain.Range.Rows > 0)
                .Select(domain => new EmulationRequest(domain.Domain, world, domain.Range.FirstRow, domain.Range.Rows, options))]
            : [Request(world, domains[0], selection, options)];
        List<EmulationReport> reports = [];
        foreach (EmulationRequest request in requests)
        {
            reports.Add(new EmulationReport(await outlet.RunAsync(request, Control(call, bars), cancellationToken).ConfigureAwait(false), outlet.Place));
        }

        return reports;
    }

    private static EmulationRequest Request(EmulatedWorld world, Domain domain, RowSelection selection, EmulationOptions options)
    {
        if (selection is { Rows: null, Until: null })
        {
            return new EmulationRequest(domain, world, selection.FirstRowOf(world, domain), null, options);
        }

        RowRange range = selection.Of(world, domain);
        return new EmulationRequest(domain, world, range.FirstRow, range.Rows, options);
    }

    private static string PlaceOf(EmulationRequest request, Lake lake) => request.Destination switch
    {
        { Sync: SyncSystem.Kafka, Location: { } topic } => $"topic {topic}",
        { Location: { } location } => location,
        _ => lake.Location,
    };

    private static EmulationControl Control(CommandCall call, EmulationBars bars) => new()
    {
        Clock = call.Surroundings.Clock,
        Variable = call.Surroundings.Variable,
        Progress = bars,
    };

    private static void Tell(CommandCall call, IReadOnlyList<EmulationReport> reports, TimeSpan time, bool json)
    {
        if (json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, reports, time));
        }

        foreach (EmulationReport report in reports)
        {
            call.Say(report.Line);
        }

        if (reports.Count > 1)
        {
            call.Say($"{Figures.Count(reports.Sum(report => report.MadeRows))} rows in {Figures.Seconds(time)}");
        }
    }

    private static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<EmulationReport> reports, TimeSpan time)
    {
        writer.WriteStartObject();
        writer.WriteNumber("seconds", time.TotalSeconds);
        writer.WriteStartArray("domains");
        foreach (EmulationReport report in reports)
        {
            report.WriteJson(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
