using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
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
    private const string Format = "--format";
    private const string Sync = "--sync";
    private const string SyncType = "--sync-type";
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
        Add(new Option<string>(Format) { Description = "Format of the records [json]", HelpName = "json" });
        Add(new Option<string>(Sync) { Description = "Where records are delivered [local]", HelpName = "local" });
        Add(new Option<string>(SyncType) { Description = "How records are put together [chunked]", HelpName = "chunked" });
        Add([KnownSettings.Lake, .. KnownSettings.OfWorld, KnownSettings.Labels, KnownSettings.Threads, KnownSettings.MaxChunkSize]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<DomainSchema> domains = DomainName.ParseOrAll(call.Argument(_domain));
        call.Flag(Format, static text => Choice.Parse(text, [EmulationRequest.Format]), EmulationRequest.Format);
        call.Flag(Sync, static text => Choice.Parse(text, ["local"]), "local");
        call.Flag(SyncType, static text => Choice.Parse(text, ["chunked"]), "chunked");
        EmulationOptions options = new()
        {
            Labels = call.Settings.Get(KnownSettings.Labels) == "inline",
            Threads = call.Settings.Get(KnownSettings.Threads),
            MaxChunkSize = call.Settings.Get(KnownSettings.MaxChunkSize),
        };
        string? place = call.Flag(Out);
        Guid? emulation = FindEmulation(call, domains);
        RowSelection selection = Select(call);

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
            Rows = call.Flag<long?>(Rows, static text => Count.Parse(text, 1, RowSelection.MaxRow), until is null ? DefaultRows : null),
            Until = until,
        };
    }

    private static async Task<IReadOnlyList<EmulationReport>> IntoLakeAsync(
        CommandCall call, IReadOnlyList<DomainSchema> domains, RowSelection selection, Guid? emulation, EmulationOptions options, EmulationBars bars, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        await lake.RefuseOtherAsync(world.Settings, cancellationToken).ConfigureAwait(false);
        using LakeLock held = lake.Lock();
        RowSelection resolved = call.Flag(FirstRow) != Next ? selection : selection with
        {
            FirstRow = await new RangeClaims(lake, (domains.Count > 1 ? DomainSchemas.Transaction : domains[0]).Domain).FindNextRowAsync(cancellationToken).ConfigureAwait(false),
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
            : Request(world, domains[0], resolved.Of(world, domains[0]), options);
        try
        {
            return [new EmulationReport(await Emulator.RunAsync(request, lake, bars, cancellationToken).ConfigureAwait(false), lake.Location)];
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
            ? [.. outlet.OneByOne(selection.OfAll(world)).Select(domain => Request(world, domain.Schema, domain.Range, options))]
            : [Request(world, domains[0], selection.Of(world, domains[0]), options)];
        List<EmulationReport> reports = [];
        foreach (EmulationRequest request in requests.Where(request => request.Rows > 0))
        {
            reports.Add(new EmulationReport(await outlet.RunAsync(request, bars, cancellationToken).ConfigureAwait(false), outlet.Place));
        }

        return reports;
    }

    private static EmulationRequest Request(EmulatedWorld world, DomainSchema schema, RowRange range, EmulationOptions options) =>
        new(schema, world, range.FirstRow, range.Rows, options);

    private static void Tell(CommandCall call, IReadOnlyList<EmulationReport> reports, TimeSpan time, bool json)
    {
        if (json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, reports, time));
        }

        foreach (EmulationReport report in reports)
        {
            call.Say(report.Line(reports.Count == 1 ? time : null));
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
