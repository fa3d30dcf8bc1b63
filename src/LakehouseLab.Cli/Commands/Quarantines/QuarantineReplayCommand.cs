using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Repair;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands.Quarantines;

/// <summary><c>quarantine replay</c>: appends a repaired record to Bronze.</summary>
internal sealed class QuarantineReplayCommand : CommandWithExample
{
    private const string StandardInput = "-";

    private readonly ValueArgument<string> _id = new("id", "ID", "The record that is repaired, by its id or the first digits of it.", static text => text);
    private readonly ValueOption<string?> _payload = new("--payload", "FILE|-", "The repaired record as one JSON object: a file, or - for standard input", static text => text);

    public QuarantineReplayCommand(Surroundings surroundings)
        : base("replay", "Append a repaired record to Bronze; the next run takes it into Silver.", "lakelab quarantine replay 3f2c9a41 --payload repaired.json")
    {
        Add(_id);
        Add(_payload);
        Add([KnownSettings.Lake, KnownSettings.Models]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        byte[] payload = await ReadAsync(call, cancellationToken).ConfigureAwait(false);
        using KafkaTopicLog? topics = call.FindTopics();
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        await lake.RequireContentAsync("to repair", cancellationToken).ConfigureAwait(false);
        using LakeLock held = await lake.LockAsync(LakePart.Tables, cancellationToken).ConfigureAwait(false);
        ReplayOutcome outcome = await new QuarantineRepair(lake, call.LoadModels()).ReplayAsync(call.Get(_id), payload, call.WaitFor(topics), call.Surroundings.Clock, cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, outcome, RepairDocuments.Default.ReplayOutcome);
        }
        else
        {
            call.Surroundings.Text.WriteLine(outcome.IsKnown
                ? $"{outcome.Source} has this payload already, in batch {Figures.Count(outcome.Batch)} of {outcome.Table}"
                : $"{outcome.Source} is in batch {Figures.Count(outcome.Batch)} of {outcome.Table}");
        }

        call.Say($"to take it into Silver: {call.Surroundings.Program} pipeline run --lake {lake.Location}");
        return ExitCode.Done;
    }

    private async Task<byte[]> ReadAsync(CommandCall call, CancellationToken cancellationToken)
    {
        string file = call.Get(_payload) ?? throw new InvalidRequestException($"{_payload.Name} is missing: give the repaired record, as a file or - for standard input");
        try
        {
            Stream stream = file == StandardInput ? call.Surroundings.Input : File.OpenRead(Path.Combine(call.Surroundings.Folder, file));
            await using (stream.ConfigureAwait(false))
            {
                using MemoryStream bytes = new();
                await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
                return bytes.ToArray();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"{_payload.Name}: '{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
