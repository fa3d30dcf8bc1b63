using System.CommandLine;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>truth</c>: what the records do not tell, by which rule a row is fraudulent and which episode it is part of.</summary>
internal sealed class TruthCommand : CommandWithExample
{
    private const string Rows = "--rows";
    private const string FirstRow = "--first-row";
    private const string Emulation = "--emulation";
    private const string Format = "--format";
    private const string Json = "json";
    private const string Csv = "csv";
    private const long MaxRow = 1L << 60;

    private readonly Argument<string> _domain = new("domain")
    {
        Description = "Of which rows [transaction]",
        HelpName = DomainName.Choices,
        Arity = ArgumentArity.ZeroOrOne,
    };

    public TruthCommand(Surroundings surroundings)
        : base("truth", "Tell the truth about rows: every fraudulent one and every one of an episode, with its rule.", "lakelab truth transaction --rows 1M --format csv")
    {
        Add(_domain);
        Add(new Option<string>(Emulation) { Description = "The emulation whose rows are meant, by its id.", HelpName = "UUID" });
        Add(new Option<string>(Rows) { Description = "How many rows [1M]", HelpName = "COUNT" });
        Add(new Option<string>(FirstRow) { Description = "First row of the domain, from 0 [0]", HelpName = "ROW" });
        Add(new Option<string>(Format) { Description = "One JSON object a line, or CSV [json]", HelpName = "json|csv" });
        Add([KnownSettings.Lake, .. KnownSettings.OfWorld]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        string format = call.Flag(Format, ParseFormat, Json);
        Guid? emulation = call.Flag<Guid?>(Emulation, static text => EmulationName.Parse(text), null);
        IReadOnlyList<TruthRange> ranges = emulation is { } id
            ? await RangesOfAsync(call, id, cancellationToken).ConfigureAwait(false)
            : [await StatedRangeAsync(call, cancellationToken).ConfigureAwait(false)];
        TextWriter text = call.Surroundings.Text;
        text.Write(format == Csv ? "domain,row,record_id,is_fraud,rule,episode_id,fault\n" : "");
        foreach (TruthRow row in ranges.SelectMany(range => range.World.ReadTruth(range.Schema, range.FirstRow, range.Rows)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            text.Write(format == Csv ? AsCsv(row) : AsJson(row));
        }

        return ExitCode.Done;
    }

    private static string ParseFormat(string text) => text == "parquet"
        ? throw new InvalidRequestException("is not offered: allowed are json and csv, which every Parquet tool reads")
        : Choice.Parse(text, [Json, Csv]);

    private async Task<IReadOnlyList<TruthRange>> RangesOfAsync(CommandCall call, Guid emulation, CancellationToken cancellationToken)
    {
        foreach (string flag in (string[])[Rows, FirstRow, .. KnownSettings.OfWorld.Select(setting => setting.Flag)])
        {
            if (call.Flag(flag) is not null)
            {
                throw new InvalidRequestException($"{flag} and {Emulation} exclude each other: the emulation's manifest tells its world and rows");
            }
        }

        Lake lake = call.OpenLake();
        Manifest manifest = await new ManifestStore(lake.Store).FindAsync(emulation, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidRequestException($"{Emulation}: lake '{lake.Location}' has no emulation {emulation}");
        if (call.OptionalArgument(_domain) is { } domain && DomainName.Parse(domain).Domain != manifest.Domain)
        {
            throw new InvalidRequestException($"emulation {emulation} is of {manifest.Domain}, not {domain}: leave the domain out");
        }

        EmulatedWorld world = new(manifest.World);
        return [.. manifest.Ranges.Where(range => range.Rows > 0).Select(range => new TruthRange(world, DomainName.Parse(manifest.Domain), range.FirstRow, range.Rows))];
    }

    private async Task<TruthRange> StatedRangeAsync(CommandCall call, CancellationToken cancellationToken)
    {
        DomainSchema schema = DomainName.Parse(call.OptionalArgument(_domain) ?? DomainSchemas.Transaction.Domain);
        Lake lake = call.OpenLake();
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        await lake.RefuseOtherAsync(world.Settings, cancellationToken).ConfigureAwait(false);
        long firstRow = call.Flag(FirstRow, static text => Count.Parse(text, 0, MaxRow), 0);
        return new TruthRange(world, schema, firstRow, call.Flag(Rows, text => Count.Parse(text, 1, MaxRow - firstRow), 1_000_000));
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

    private sealed record TruthRange(EmulatedWorld World, DomainSchema Schema, long FirstRow, long Rows);
}
