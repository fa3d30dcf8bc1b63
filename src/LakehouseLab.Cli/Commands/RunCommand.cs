using System.CommandLine;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>run</c>: the whole story on one machine, from an emulated world to Gold tables and the proof.</summary>
internal sealed class RunCommand : CommandWithExample
{
    private readonly ValueOption<long> _rows = new(
        "--rows", "COUNT", "Transactions that the lake is to have; what it already has is not generated again [1M]", static text => Count.Parse(text, 1, RowSelection.MaxRow))
    { Default = 1_000_000 };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("run", "Emulate a world, take it through Bronze, Silver and Gold, and prove that nothing was lost.", "lakelab run --rows 2M --lake ./lake");

    public RunCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_rows);
        Add([KnownSettings.Lake, KnownSettings.Models, .. KnownSettings.OfWorld, KnownSettings.Labels, KnownSettings.Threads, KnownSettings.MaxChunkSize, KnownSettings.MemoryLimit]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        RowSelection rows = new() { Rows = call.Get(_rows) };
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        EmulatedWorld world = await call.MakeWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        await lake.RefuseOtherAsync(world.Settings, cancellationToken).ConfigureAwait(false);
        using LakeLock held = await lake.LockAsync(LakePart.Records | LakePart.Tables, cancellationToken).ConfigureAwait(false);
        RunSummary summary = await ProgressBoard.RunAsync(
            call, shown: true, board => RunAsync(call, lake, world, rows, board, cancellationToken)).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, summary.WriteJson);
        }
        else
        {
            summary.WriteText(call.Surroundings.Text, call.Surroundings.Program);
        }

        ObjectRemarksView.Tell(summary.Pipeline.Bronze.SelectMany(bronze => bronze.Remarks), call);
        PipelineReportView.TellWarnings(summary.Pipeline, call);
        PipelineReportView.TellFailures(summary.Pipeline, call.Surroundings.Words);
        if (summary.Audit.Fault is { } fault)
        {
            call.Surroundings.Words.WriteLine($"lakelab: the audit could not go on: {fault.Message}");
        }

        int pipeline = PipelineReportView.CodeOf(summary.Pipeline);
        return pipeline != ExitCode.Done ? pipeline : ExitCode.Of(summary.Audit);
    }

    private static async Task<RunSummary> RunAsync(
        CommandCall call, Lake lake, EmulatedWorld world, RowSelection rows, ProgressBoard board, CancellationToken cancellationToken)
    {
        TimeProvider clock = call.Surroundings.Clock;
        int threads = call.Settings.Get(KnownSettings.Threads);
        EmulationOptions options = new()
        {
            Labels = call.Settings.Get(KnownSettings.Labels),
            Threads = threads,
            MaxChunkSize = call.Settings.Get(KnownSettings.MaxChunkSize),
            Destination = Destination.InLake(lake.Location),
        };
        long began = clock.GetTimestamp();
        LakeGrowth growth = new(lake);
        EmulationBars bars = new(board);
        List<TimedGrowth> made = [];
        foreach (DomainGrowth domain in await growth.PlanAsync(world, rows, options, cancellationToken).ConfigureAwait(false))
        {
            long domainBegan = clock.GetTimestamp();
            IReadOnlyList<DomainGrowthResult> results = await growth.RunAsync([domain], bars, cancellationToken).ConfigureAwait(false);
            made.Add(new TimedGrowth(results[0], clock.GetElapsedTime(domainBegan)));
        }

        using KafkaTopicLog? cluster = call.FindTopics();
        PatientTopicLog? topics = call.WaitFor(cluster);
        PipelineRequest request = new() { Catalog = call.LoadModels(), Topics = topics, Threads = threads, MemoryLimit = call.Settings.Get(KnownSettings.MemoryLimit) };
        PipelineReport pipeline = await PipelineRun.RunAsync(lake, request, clock, new PipelineSteps(board), cancellationToken).ConfigureAwait(false);
        long auditBegan = clock.GetTimestamp();
        AuditReport audit = await AuditAsync(lake, new AuditRequest(BuiltInTables.All) { Topics = topics, Threads = threads }, new AuditBoard(board), cancellationToken).ConfigureAwait(false);
        audit = audit with { Seconds = clock.GetElapsedTime(auditBegan).TotalSeconds };
        return new RunSummary(lake.Location, world.Settings, made, pipeline, audit, clock.GetElapsedTime(began));
    }

    // What was made and run is told even when the audit of it cannot go on.
    private static async Task<AuditReport> AuditAsync(Lake lake, AuditRequest request, IProgress<AuditProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            return await LakeAudit.RunAsync(lake, request, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return AuditReport.Of(lake.Location, AuditFault.Of(exception, ExitCode.Of(exception).Line));
        }
    }
}
