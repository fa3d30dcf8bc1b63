using System.CommandLine;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>audit</c>: proves that nothing was lost, doubled or altered on the way.</summary>
internal sealed class AuditCommand : CommandWithExample
{
    private const string Emulation = "--emulation";
    private const string Layers = "--layers";
    private const string Expect = "--expect";
    private const string RequireComplete = "--require-complete";
    private const string Sample = "--sample";
    private const string All = "all";

    public AuditCommand(Surroundings surroundings)
        : base("audit", "Prove that no record was lost, doubled or altered, by making the world's rows again.", "lakelab audit --layers raw,silver --lake ./lake")
    {
        Add(new Option<string>(Emulation) { Description = "Whose records are looked at, by its id [all]", HelpName = "UUID|all" });
        Add(new Option<string>(Layers) { Description = "Layers that must be there and right [all that are there]", HelpName = LayerNames.Choices });
        Add(new Option<string>(Sample) { Description = "Share of the users whose features are compared in full [everyone]", HelpName = "1/N" });
        Add([KnownSettings.Lake, KnownSettings.Threads]);
        Add(new Option<string>(Expect) { Description = "Receipts of what must be there: what emulate --json printed, or the service's list of emulations", HelpName = "FILE" });
        Add(new Option<bool>(RequireComplete) { Description = "Whether tables that are behind count against the lake too" });
        Runs(surroundings, RunAsync);
    }

    // A program that reads the result gets one, whatever happens.
    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await AuditAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (call.Json && exception is not OutputClosedException)
        {
            AuditFault fault = AuditFault.Of(exception, ExitCode.Of(exception).Line);
            JsonOutput.Write(call.Surroundings.Output, AuditReport.Of(call.Settings.Get(KnownSettings.Lake), fault), AuditDocuments.Default.AuditReport);
            throw;
        }
    }

    private static async Task<int> AuditAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
        using KafkaTopicLog? topics = call.FindTopics();
        AuditRequest request = new()
        {
            Topics = call.WaitFor(topics),
            Emulations = call.Flag<IReadOnlyCollection<Guid>?>(Emulation, static text => text == All ? null : [EmulationName.Parse(text)], null),
            Layers = call.Flag<IReadOnlyCollection<AuditLayer>?>(Layers, LayerNames.Parse, null),
            Sample = call.Flag(Sample, UserSample.Parse, UserSample.All),
            Receipts = call.Flag(Expect) is { } file ? ReadReceipts(Path.Combine(call.Surroundings.Folder, file)) : [],
            RequiresComplete = call.Switch(RequireComplete),
            Threads = call.Settings.Get(KnownSettings.Threads),
        };
        long began = call.Surroundings.Clock.GetTimestamp();
        AuditReport report = await ProgressBoard.RunAsync(
            call, shown: true, board => LakeAudit.RunAsync(lake, request, new AuditBoard(board), cancellationToken)).ConfigureAwait(false);
        report = report with { Seconds = call.Surroundings.Clock.GetElapsedTime(began).TotalSeconds };
        AuditRendering rendering = new(report);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, report, AuditDocuments.Default.AuditReport);
        }
        else
        {
            rendering.WriteText(call.Surroundings.Text);
        }

        call.Say(rendering.Line);
        return ExitCode.Of(report);
    }

    private static IReadOnlyList<Receipt> ReadReceipts(string file)
    {
        try
        {
            return ReceiptReader.Read(file, File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"{Expect}: '{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
