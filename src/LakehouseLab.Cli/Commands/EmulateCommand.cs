using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>emulate</c>: makes rows of a domain, or of all domains in one span of time, and delivers them.</summary>
internal sealed class EmulateCommand : CommandWithExample
{
    private const string Rows = "--rows";
    private const string FirstRow = "--first-row";
    private const string From = "--from";
    private const string Until = "--until";
    private const string Emulation = "--emulation";
    private const string Out = "--out";
    private const string Next = "next";
    private const long DefaultRows = 1_000_000;

    private readonly Argument<string> _domain = new("domain") { Description = "What to make.", HelpName = $"{DomainName.Choices}|{DomainName.All}" };

    public EmulateCommand(Surroundings surroundings)
        : base("emulate", "Make rows of a domain and deliver them.", "lakelab emulate transaction --rows 1M --seed 7 --lake ./lake")
    {
        Add(_domain);
        Add(new Option<string>(Rows) { Description = "How many rows; of all: transactions [1M, or up to --until]", HelpName = "COUNT" });
        Add(new Option<string>(FirstRow) { Description = "First row, from 0, or the first that the lake has not claimed [0]", HelpName = "ROW|next" });
        Add(new Option<string>(From) { Description = "Instead of a first row: the earliest event time.", HelpName = "DATE" });
        Add(new Option<string>(Until) { Description = "The event time before which the rows end, if --rows does not end them earlier.", HelpName = "DATE" });
        Add(new Option<string>(Emulation) { Description = "The emulation that is to go on, by its id.", HelpName = "UUID" });
        Add(new Option<string>(Out) { Description = "Instead of a lake: a folder, - for standard output, or null to measure.", HelpName = "FOLDER|-|null" });
        foreach (Option option in DeliveryFlags.Create())
        {
            Add(option);
        }

        Add([KnownSettings.Lake, .. KnownSettings.OfWorld, KnownSettings.Labels, KnownSettings.Threads, KnownSettings.MaxChunkSize, .. KnownSettings.OfTopics]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<DomainSchema> domains = DomainName.ParseOrAll(call.Argument(_domain));
        string? place = call.Flag(Out);
        Guid? emulation = FindEmulation(call, domains);
        RowSelection selection = Select(call);
        EmulationOptions options = DeliveryFlags.Read(call, selection.Rows);
        RefuseOpen(call, domains, selection, options);

        long began = call.Surroundings.Clock.GetTimestamp();
        IReadOnlyList<EmulationReport> reports = await ProgressBoard.RunAsync(call, shown: place != "-", async board =>
        {
            EmulationBars bars = new(board);
            return place is null
                ? await IntoLakeAsync(call, domains, selection, emulation, options, bars, cancellationToken).ConfigureAwait(false)
                : await BesideLakeAsync(call, EmulationOutlet.Open(Out, place, call.Surroundings.Output), domains, selection, emulation, options, bars, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        Tell(call, reports, call.Surroundings.Clock.GetElapsedTime(began), json: call.Json && place != "-");
        return ExitCode.Done;
    }

    private static Guid? FindEmulation(CommandCall call, IReadOnlyList<DomainSchema> domains)
    {
        Guid? emulation = call.Flag<Guid?>(Emulation, static text => EmulationName.Parse(text), null);
        if (emulation is null)
        {
            return null;
        }

        if (domains.Count > 1)
        {
            throw new InvalidRequestException($"{Emulation} names an emulation of one domain: name that domain instead of {DomainName.All}");
        }

        string[] own = [Rows, FirstRow, From, Until, KnownSettings.Labels.Flag, .. KnownSettings.OfWorld.Select(setting => setting.Flag)];
        return own.FirstOrDefault(flag => call.Flag(flag) is not null) is { } stated
            ? throw new InvalidRequestException($"{stated} and {Emulation} exclude each other: the emulation goes on as it was begun")
            : emulation;
    }

    // An emulation without an end claims its rows piece by piece: one of a domain, and none beside a lake but to a stream.
    private static void RefuseOpen(CommandCall call, IReadOnlyList<DomainSchema> domains, RowSelection selection, EmulationOptions options)
    {
        if (domains.Count > 1 && selection is { Rows: null, Until: null })
        {
            throw new InvalidRequestException($"{DeliveryFlags.Duration} takes one domain at a time: name one, or give {Rows} or {Until}");
        }

        if (call.Flag(Out) is not null && options.Destination != Destination.Lake)
        {
            throw new InvalidRequestException($"{Out} and --sync {options.Destination.Name} exclude each other: give one of them");
        }

        if (domains.Count > 1 && options.Destination is { Sync: SyncSystem.Kafka, Location: not null })
        {
            throw new InvalidRequestException($"--topic takes one domain at a time: name one, or leave it out, and each domain has its own");
        }
    }

    private static RowSelection Select(CommandCall call)
    {
        if (call.Flag(From) is not null && call.Flag(FirstRow) is not null)
        {
            throw new InvalidRequestException($"{From} and {FirstRow} exclude each other: give one of them");
        }

        if (call.Flag(FirstRow) == Next && call.Flag(Out) is { } place)
        {
            throw new InvalidRequestException($"{FirstRow}: '{Next}' is where a lake's rows end, and {Out} {place} has no lake: give a row from 0");
        }

        DateTimeOffset? until = call.Flag<DateTimeOffset?>(Until, static text => Instant.Parse(text), null);
        return new RowSelection
        {
            FirstRow = call.Flag(FirstRow, static text => text == Next ? 0 : Count.Parse(text, 0, RowSelection.MaxRow), 0),
            From = call.Flag<DateTimeOffset?>(From, static text => Instant.Parse(text), null),
            Rows = call.Flag<long?>(Rows, static text => Count.Parse(text, 1, RowSelection.MaxRow), until is null && call.Flag(DeliveryFlags.Duration) is null ? DefaultRows : null),
            Until = until,
        };
    }

    private static async Task<IReadOnlyList<EmulationReport>> IntoLakeAsync(
        CommandCall call, IReadOnlyList<DomainSchema> domains, RowSelection selection, Guid? emulation, EmulationOptions options, EmulationBars bars, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        await lake.RefuseOtherAsync(world.Settings, cancellationToken).ConfigureAwait(false);
        if (options.Destination is { Sync: SyncSystem.Kafka } kafka)
        {
            await TopicDomains.RefuseOtherAsync(lake, [.. domains.Select(schema => (kafka.Location ?? schema.Topic, schema.Domain))], cancellationToken).ConfigureAwait(false);
        }

        using LakeLock held = lake.Lock(LakePart.Records);
        RowSelection resolved = call.Flag(FirstRow) != Next ? selection : selection with
        {
            FirstRow = await Emulator.FindNextRowAsync(lake, world, domains.Count > 1 ? DomainSchemas.Transaction : domains[0], cancellationToken).ConfigureAwait(false),
        };
        if (domains.Count > 1)
        {
            LakeGrowth growth = new(lake);
            IReadOnlyList<DomainGrowth> plan = await growth.PlanAsync(world, resolved, options, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<DomainGrowthResult> results = await growth.RunAsync(plan, bars, cancellationToken).ConfigureAwait(false);
            return [.. results.Select(result => new EmulationReport(result, lake.Location))];
        }

        EmulationRequest request = emulation is { } id
            ? await BegunEmulation.FindAsync(id, domains[0], lake, options, cancellationToken).ConfigureAwait(false)
            : Request(world, domains[0], resolved, options);
        try
        {
            return [new EmulationReport(await Emulator.RunAsync(request, lake, Control(call, bars), cancellationToken).ConfigureAwait(false), PlaceOf(request, lake))];
        }
        catch (OperationCanceledException exception) when (call.Flag(FirstRow) == Next)
        {
            // The same command would take the rows after these.
            IReadOnlyList<RangeClaim> claims = await new RangeClaims(lake, request.Schema.Domain).ReadAsync(CancellationToken.None).ConfigureAwait(false);
            throw claims.FirstOrDefault(claim => claim.FirstRow == request.FirstRow) is { } begun
                ? new InterruptedException($"interrupted: what was finished is valid; go on with lakelab emulate {request.Schema.Domain} --emulation {begun.Emulation} --lake {lake.Location}", exception)
                : exception;
        }
    }

    private static async Task<IReadOnlyList<EmulationReport>> BesideLakeAsync(
        CommandCall call, EmulationOutlet outlet, IReadOnlyList<DomainSchema> domains, RowSelection selection, Guid? emulation, EmulationOptions options, EmulationBars bars, CancellationToken cancellationToken)
    {
        EmulatedWorld world = await call.MakeWorldAsync(null, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<EmulationRequest> requests = emulation is { } id
            ? [await outlet.ContinueAsync(id, domains[0], options, cancellationToken).ConfigureAwait(false)]
            : domains.Count > 1
            ? [.. outlet.OneByOne(selection.OfAll(world)).Where(domain => domain.Range.Rows > 0)
                .Select(domain => new EmulationRequest(domain.Schema, world, domain.Range.FirstRow, domain.Range.Rows, options))]
            : [Request(world, domains[0], selection, options)];
        List<EmulationReport> reports = [];
        foreach (EmulationRequest request in requests)
        {
            reports.Add(new EmulationReport(await outlet.RunAsync(request, Control(call, bars), cancellationToken).ConfigureAwait(false), outlet.Place));
        }

        return reports;
    }

    private static EmulationRequest Request(EmulatedWorld world, DomainSchema schema, RowSelection selection, EmulationOptions options)
    {
        if (selection is { Rows: null, Until: null })
        {
            return new EmulationRequest(schema, world, selection.FirstRowOf(world, schema), null, options);
        }

        RowRange range = selection.Of(world, schema);
        return new EmulationRequest(schema, world, range.FirstRow, range.Rows, options);
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
