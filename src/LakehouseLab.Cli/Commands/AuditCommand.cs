using System.CommandLine;
using LakehouseLab.Audit.Shards;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>audit</c>: proves that nothing was lost, doubled or altered on the way.</summary>
internal sealed class AuditCommand : AuditingCommand
{
    private const string All = "all";

    private readonly ValueOption<IReadOnlyCollection<Guid>?> _emulations = new("--emulation", "UUID|all", "Whose records are looked at, by its id [all]", static text => text == All ? null : [EmulationName.Parse(text)])
    { Offers = static () => [All] };

    private readonly ValueOption<IReadOnlyCollection<AuditLayer>?> _layers = new("--layers", string.Join(',', LayerNames.All), "Layers that must be there and right [all that are there]", LayerNames.Parse)
    { Offers = static () => LayerNames.All, IsList = true };

    private readonly ValueOption<UserSample> _sample = new("--sample", "1/N", "Share of the users whose features are compared in full [everyone]", UserSample.Parse) { Default = UserSample.All };
    private readonly ValueOption<string?> _expect = new("--expect", "FILE", "Receipts of what must be there: what emulate --json printed, or the service's list of emulations", static text => text);
    private readonly ValueOption<Shard?> _shard = new("--shard", "I/N", "Of the reading, part I of N, for N machines at once; audit merge puts their reports together", static text => Shard.Parse(text));
    private readonly Option<bool> _requireComplete = new("--require-complete") { Description = "Whether tables that are behind count against the lake too" };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("audit", "Prove that no record was lost, doubled or altered, by generating the world's rows again.", "lakelab audit --layers raw,silver --lake ./lake");

    public AuditCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_emulations, _layers, _sample);
        Add([KnownSettings.Lake, KnownSettings.Threads]);
        Add(_expect, _shard, _requireComplete);
        Add(new AuditMergeCommand(surroundings));
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        using KafkaTopicLog? topics = call.FindTopics();
        AuditRequest request = new(BuiltInTables.All)
        {
            Topics = call.WaitFor(topics),
            Emulations = call.Get(_emulations),
            Layers = call.Get(_layers),
            Sample = call.Get(_sample),
            Receipts = call.Get(_expect) is { } file ? ReadReceipts(Path.Combine(call.Surroundings.Folder, file)) : [],
            RequiresComplete = call.Get(_requireComplete),
            Threads = call.Settings.Get(KnownSettings.Threads),
        };
        long began = call.Surroundings.Clock.GetTimestamp();
        if (call.Get(_shard) is { } shard)
        {
            ShardReport part = await ProgressBoard.RunAsync(call, shown: true, board => LakeAudit.RunShardAsync(lake, request, shard, new AuditBoard(board), cancellationToken)).ConfigureAwait(false);
            return Show(call, (part with { Seconds = SecondsSince(call, began) }).Sealed());
        }

        AuditReport report = await ProgressBoard.RunAsync(call, shown: true, board => LakeAudit.RunAsync(lake, request, new AuditBoard(board), cancellationToken)).ConfigureAwait(false);
        return Show(call, report with { Seconds = SecondsSince(call, began) });
    }

    private IReadOnlyList<Receipt> ReadReceipts(string file)
    {
        try
        {
            return ReceiptReader.Read(file, File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"{_expect.Name}: '{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
