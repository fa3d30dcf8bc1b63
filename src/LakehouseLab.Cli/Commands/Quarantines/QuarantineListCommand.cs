using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Repair;

namespace LakehouseLab.Cli.Commands.Quarantines;

/// <summary><c>quarantine list</c>: the records that Silver refused, the last received first.</summary>
internal sealed class QuarantineListCommand : CommandWithExample
{
    private readonly ValueOption<string?> _table = new("--table", "TABLE", "Only records that this Silver table refused [all]", static text => text) { OffersOfModels = KnownTables.RefusingNames };
    private readonly ValueOption<string?> _reason = new("--reason", "TEXT", "Only records whose reason contains this, in whatever case [all]", static text => text);
    private readonly ValueOption<DateTimeOffset?> _since = new("--since", "INSTANT", "Only records that Bronze received then or later [all]", static text => Instant.Parse(text));
    private readonly ValueOption<int> _number = new("-n", "COUNT", "How many records at most [50]", static text => (int)Count.Parse(text, 1, 1_000_000)) { Default = 50 };

    public QuarantineListCommand(Surroundings surroundings)
        : base("list", "List the records that Silver refused, the last received first.", "lakelab quarantine list --table silver.transactions --reason amount")
    {
        Add(_table, _reason, _since, _number);
        Add([KnownSettings.Lake, KnownSettings.Models]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        QuarantineFilter filter = new() { Table = call.Get(_table), Reason = call.Get(_reason), Since = call.Get(_since), Limit = call.Get(_number) };
        QuarantineRepair repair = new(await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false), call.LoadModels());
        QuarantineListing listing = await repair.ListAsync(filter, cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, listing, RepairDocuments.Default.QuarantineListing);
            return ExitCode.Done;
        }

        if (listing.Records.Count > 0)
        {
            TextTable table = new("id", "table", "received (UTC)", "from", "reason", "repaired");
            foreach (QuarantinedRecord record in listing.Records)
            {
                table.Add(record.Id, record.Table, Figures.Instant(record.IngestedAt), QuarantineRepair.PlaceOf(record), record.Reason, record.Replays.Count == 0 ? "" : $"batch {string.Join(", ", record.Replays.Select(replay => replay.Batch))}");
            }

            table.Write(call.Surroundings.Text);
        }

        call.Say(listing.Total == listing.Records.Count ? $"{Figures.Count(listing.Total)} records" : $"{Figures.Count(listing.Records.Count)} of {Figures.Count(listing.Total)} records: -n shows more");
        return ExitCode.Done;
    }
}
