using System.CommandLine;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>truth</c>: what the records do not tell, by which rule a row is fraudulent and which episode it is part of.</summary>
internal sealed class TruthCommand : CommandWithExample
{
    private const string Json = "json";
    private const string Csv = "csv";

    private static readonly Choices<string> s_formats = Choices.Of(Json, Csv);

    private readonly ValueArgument<Domain?> _domain = new("domain", DomainName.Choices, "Of which rows [transaction]", DomainName.Parse) { Default = null, Offers = static () => DomainName.Words };
    private readonly ValueOption<Guid?> _emulation = new("--emulation", "UUID", "The emulation whose rows are meant, by its id.", static text => EmulationName.Parse(text));
    private readonly ValueOption<long> _rows = new("--rows", "COUNT", "How many rows [1M]", static text => Count.Parse(text, 1, RowSelection.MaxRow)) { Default = 1_000_000 };
    private readonly ValueOption<long> _firstRow = new("--first-row", "ROW", "First row of the domain, from 0 [0]", static text => Count.Parse(text, 0, RowSelection.MaxRow));
    private readonly ValueOption<string> _format = new("--format", s_formats.Text, "One JSON object a line, or CSV [json]", ParseFormat) { Default = Json, Offers = static () => s_formats.Words };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("truth", "Tell the truth about rows: every fraudulent one and every one of an episode, with its rule.", "lakelab truth transaction --rows 1M --format csv", DomainName.Choices);

    public TruthCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_domain);
        Add(_emulation, _rows, _firstRow, _format);
        Add([KnownSettings.Lake, .. KnownSettings.OfWorld]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        string format = call.Get(_format);
        IReadOnlyList<TruthRange> ranges = call.Get(_emulation) is { } id
            ? await RangesOfAsync(call, id, cancellationToken).ConfigureAwait(false)
            : [await StatedRangeAsync(call, cancellationToken).ConfigureAwait(false)];
        TextWriter text = call.Surroundings.Text;
        text.Write(format == Csv ? "domain,row,record_id,is_fraud,rule,episode_id,fault\n" : "");
        foreach (TruthRow row in ranges.SelectMany(range => range.World.ReadTruth(range.Domain, range.FirstRow, range.Rows)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            text.Write(format == Csv ? AsCsv(row) : AsJson(row));
        }

        return ExitCode.Done;
    }

    private static string ParseFormat(string text) => text == "parquet"
        ? throw new InvalidRequestException("is not offered: allowed are json and csv, which every Parquet tool reads")
        : s_formats.Parse(text);

    private async Task<IReadOnlyList<TruthRange>> RangesOfAsync(CommandCall call, Guid emulation, CancellationToken cancellationToken)
    {
        if ((call.FindGiven(_rows, _firstRow) ?? call.FindGiven(KnownSettings.OfWorld)) is { } stated)
        {
            throw new InvalidRequestException($"{stated.Name} and {_emulation.Name} exclude each other: the emulation's manifest tells its world and rows");
        }

        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        Manifest manifest = await new ManifestStore(lake.Store).FindAsync(emulation, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidRequestException($"{_emulation.Name}: lake '{lake.Location}' has no emulation {emulation}");
        if (call.Get(_domain) is { } domain && domain.Name != manifest.Domain)
        {
            throw new InvalidRequestException($"emulation {emulation} is of {manifest.Domain}, not {domain.Name}: leave the domain out");
        }

        EmulatedWorld world = new(manifest.World);
        return [.. manifest.Ranges.Where(range => range.Rows > 0).Select(range => new TruthRange(world, DomainName.Parse(manifest.Domain), range.FirstRow, range.Rows))];
    }

    private async Task<TruthRange> StatedRangeAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Domain domain = call.Get(_domain) ?? Domain.Measure;
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        await lake.RefuseOtherAsync(world.Settings, cancellationToken).ConfigureAwait(false);
        RowRange range = new RowSelection { FirstRow = call.Get(_firstRow), Rows = call.Get(_rows) }.Of(world, domain);
        return new TruthRange(world, domain, range.FirstRow, range.Rows);
    }

    // No value has a character that JSON or CSV would have to escape.
    private static string AsJson(TruthRow row)
    {
        string rule = row.IsFraud ? $"\"{FraudNames.Of(row.Rule)}\"" : "null";
        string episode = row.Episode == 0 ? "null" : FormattableString.Invariant($"{row.Episode}");
        return FormattableString.Invariant(
            $"{{\"domain\":\"{row.Domain}\",\"row\":{row.Row},\"record_id\":\"{row.RecordId}\",\"is_fraud\":{(row.IsFraud ? "true" : "false")},\"rule\":{rule},\"episode_id\":{episode},\"fault\":null}}\n");
    }

    private static string AsCsv(TruthRow row)
    {
        string rule = row.IsFraud ? FraudNames.Of(row.Rule) : "";
        string episode = row.Episode == 0 ? "" : FormattableString.Invariant($"{row.Episode}");
        return FormattableString.Invariant($"{row.Domain},{row.Row},{row.RecordId},{(row.IsFraud ? "true" : "false")},{rule},{episode},\n");
    }

    private sealed record TruthRange(EmulatedWorld World, Domain Domain, long FirstRow, long Rows);
}
