using System.CommandLine;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Shards;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>audit merge</c>: one audit of the reports of all shards.</summary>
internal sealed class AuditMergeCommand : AuditingCommand
{
    private readonly Argument<string[]> _files = new("files") { HelpName = "FILE…", Description = "The reports of all shards, as audit --shard I/N --json printed them.", Arity = ArgumentArity.OneOrMore };

    public AuditMergeCommand(Surroundings surroundings)
        : base(new CommandWords("merge", "Make one audit of the reports of all shards.", "lakelab audit merge shard-1.json shard-2.json shard-3.json"))
    {
        Add(_files);
        Add([KnownSettings.Lake, KnownSettings.Threads]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        long began = call.Surroundings.Clock.GetTimestamp();
        ShardSet shards = ShardSet.Of([.. call.Get(_files).Select(file => (file, Read(Path.Combine(call.Surroundings.Folder, file), file)))]);
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        using KafkaTopicLog? topics = call.FindTopics();
        AuditRequest request = new(BuiltInTables.All) { Topics = call.WaitFor(topics), Threads = call.Settings.Get(KnownSettings.Threads) };
        AuditReport report = await ProgressBoard.RunAsync(call, shown: true, board => LakeAudit.MergeAsync(lake, request, shards, new AuditBoard(board), cancellationToken)).ConfigureAwait(false);
        return Show(call, report with { Seconds = SecondsSince(call, began) });
    }

    private static ShardReport Read(string path, string file)
    {
        try
        {
            return ShardDocuments.Read(file, File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"'{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
