using System.CommandLine;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>emulate</c>: makes rows of a domain and delivers them.</summary>
internal sealed class EmulateCommand : CommandWithExample
{
    private const string Rows = "--rows";
    private const string FirstRow = "--first-row";
    private const string Emulation = "--emulation";
    private const string Out = "--out";
    private const string Format = "--format";
    private const string Sync = "--sync";

    private readonly Argument<string> _domain = new("domain") { Description = "What to make.", HelpName = DomainName.Choices };

    public EmulateCommand(Surroundings surroundings)
        : base("emulate", "Make rows of a domain and deliver them.", "lakelab emulate transaction --rows 1M --seed 7 --lake ./lake")
    {
        Add(_domain);
        Add(new Option<string>(Rows) { Description = "How many rows [1M]", HelpName = "COUNT" });
        Add(new Option<string>(FirstRow) { Description = "First row of the domain, from 0 [0]", HelpName = "ROW" });
        Add(new Option<string>(Out) { Description = "Instead of a lake: a folder, - for standard output, or null to measure.", HelpName = "FOLDER|-|null" });
        Add(new Option<string>(Emulation) { Description = "The emulation that is to go on, by its id.", HelpName = "UUID" });
        Add(new Option<string>(Format) { Description = "Format of the records [json]", HelpName = "json" });
        Add(new Option<string>(Sync) { Description = "Where records are delivered [local]", HelpName = "local" });
        Add([KnownSettings.Lake, .. KnownSettings.OfWorld, KnownSettings.Labels, KnownSettings.Threads, KnownSettings.MaxChunkSize]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        DomainSchema schema = DomainName.Parse(call.Argument(_domain));
        call.Flag(Format, static text => Choice.Parse(text, [EmulationRequest.Format]), EmulationRequest.Format);
        call.Flag(Sync, static text => Choice.Parse(text, ["local"]), "local");
        string? place = call.Flag(Out);
        Lake? lake = place is null ? call.OpenLake() : null;
        long firstRow = call.Flag(FirstRow, static text => Count.Parse(text, 0, MaxRow), 0);
        EmulationRequest request = new(
            schema,
            await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false),
            firstRow,
            call.Flag(Rows, text => Count.Parse(text, 1, MaxRow - firstRow), 1_000_000))
        {
            Labels = call.Settings.Get(KnownSettings.Labels) == "inline",
            Threads = call.Settings.Get(KnownSettings.Threads),
            MaxChunkSize = call.Settings.Get(KnownSettings.MaxChunkSize),
            Emulation = call.Flag<Guid?>(Emulation, static text => EmulationName.Parse(text), null),
        };

        long began = call.Surroundings.Clock.GetTimestamp();
        EmulationResult result = await ProgressBoard.RunAsync(
            call, shown: place != "-", board => DeliverAsync(call, request, lake, place, board, cancellationToken)).ConfigureAwait(false);
        EmulationReport report = new(result, place ?? lake!.Location, call.Surroundings.Clock.GetElapsedTime(began));
        if (call.Json && place != "-")
        {
            JsonOutput.Write(call.Surroundings.Output, report.WriteJson);
        }

        call.Say(report.Line);
        return ExitCode.Done;
    }

    // Row numbers keep clear of the last bits, so that no sum of two overflows.
    private static long MaxRow => 1L << 60;

    private static async Task<EmulationResult> DeliverAsync(
        CommandCall call, EmulationRequest request, Lake? lake, string? place, ProgressBoard board, CancellationToken cancellationToken)
    {
        StepProgress<EmulationProgress> progress = new(
            board.Begin(request.Schema.Domain), static made => (made.Rows, made.TotalRows));
        if (lake is not null)
        {
            using LakeLock held = lake.Lock();
            return await Emulator.RunAsync(request, lake, progress, cancellationToken).ConfigureAwait(false);
        }

        return place switch
        {
            "-" => await Emulator.RunAsync(request, call.Surroundings.Output, progress, cancellationToken).ConfigureAwait(false),
            "null" => await Emulator.RunAsync(request, Stream.Null, progress, cancellationToken).ConfigureAwait(false),
            _ => await Emulator.RunAsync(request, OpenFolder(place!), progress, cancellationToken).ConfigureAwait(false),
        };
    }

    private static FileSystemStore OpenFolder(string place) =>
        string.IsNullOrWhiteSpace(place) || File.Exists(place)
            ? throw new InvalidRequestException($"{Out}: '{place}' is no folder: give one, - for standard output, or null")
            : new FileSystemStore(place);
}
