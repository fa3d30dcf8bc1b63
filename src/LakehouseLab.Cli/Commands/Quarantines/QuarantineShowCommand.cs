using System.CommandLine;
using System.Globalization;
using System.Text;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Repair;

namespace LakehouseLab.Cli.Commands.Quarantines;

/// <summary><c>quarantine show</c>: a record that Silver refused, why, and what would be accepted.</summary>
internal sealed class QuarantineShowCommand : CommandWithExample
{
    private readonly ValueArgument<string> _id = new("id", "ID", "The record, by its id or the first digits of it.", static text => text);
    private readonly Option<bool> _payloadOnly = new("--payload-only") { Description = "Write the record's bytes alone, as they were received." };

    public QuarantineShowCommand(Surroundings surroundings)
        : base("show", "Show a record that Silver refused, why, and what would be accepted.", "lakelab quarantine show 3f2c9a41 --payload-only > repaired.json")
    {
        Add(_id);
        Add(_payloadOnly);
        Add([KnownSettings.Lake, KnownSettings.Models]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        QuarantineRepair repair = new(await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false), call.LoadModels());
        QuarantinedDetails details = await repair.ShowAsync(call.Get(_id), cancellationToken).ConfigureAwait(false);
        if (call.Get(_payloadOnly))
        {
            WritePayload(details.Record, call);
        }
        else if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, details, RepairDocuments.Default.QuarantinedDetails);
        }
        else
        {
            WriteText(details, call.Surroundings.Text);
        }

        return ExitCode.Done;
    }

    // A terminal would obey what the bytes say.
    private static void WritePayload(QuarantinedRecord record, CommandCall call)
    {
        if (call.Surroundings.OutputIsWatched)
        {
            call.Surroundings.Text.WriteLine(TextOf(record));
        }
        else
        {
            call.Surroundings.Output.Write(record.PayloadBytes ?? Encoding.UTF8.GetBytes(record.Payload ?? ""));
        }
    }

    private static void WriteText(QuarantinedDetails details, TextWriter writer)
    {
        QuarantinedRecord record = details.Record;
        writer.WriteLine($"id         {record.Id}");
        writer.WriteLine($"table      {record.Table}");
        writer.WriteLine($"reason     {Printable.OnOneLine(record.Reason)}");
        writer.WriteLine($"accepted   {details.Expected}");
        writer.WriteLine($"from       {Printable.OnOneLine(details.Place)}, {record.Format}");
        writer.WriteLine($"received   {Figures.Instant(record.IngestedAt)}, batch {record.Batch.ToString(CultureInfo.InvariantCulture)} of Bronze");
        writer.WriteLine($"emulation  {record.EmulationId ?? "none"}");
        foreach (RepairedRecord repaired in record.Replays)
        {
            writer.WriteLine($"repaired   {repaired.Source}, batch {repaired.Batch.ToString(CultureInfo.InvariantCulture)} of Bronze");
        }

        writer.WriteLine($"payload    {TextOf(record)}");
    }

    private static string TextOf(QuarantinedRecord record) => record switch
    {
        { Payload: { } text } => Printable.OnOneLine(text),
        { PayloadBytes: { } bytes } => string.Concat(bytes.Select(static value => value is >= (byte)' ' and < 127 and not (byte)'\\' ? ((char)value).ToString() : $@"\x{value:x2}")),
        _ => "(no value, as in a tombstone)",
    };
}
