using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Shards;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary>A command whose result is an audit, or a shard of one.</summary>
/// <param name="words">What help says of it.</param>
internal abstract class AuditingCommand(CommandWords words) : CommandWithExample(words)
{
    // A program that reads the result gets one, whatever happens.
    /// <inheritdoc/>
    public override void TellFailure(CommandCall call, Exception failure)
    {
        if (!call.Json || FindLake(call) is not { } lake)
        {
            return;
        }

        AuditFault fault = AuditFault.Of(failure, ExitCode.Of(failure).Line);
        JsonOutput.Write(call.Surroundings.Output, AuditReport.Of(lake, fault), AuditDocuments.Default.AuditReport);
    }

    /// <summary>The seconds since a command began.</summary>
    private protected static double SecondsSince(CommandCall call, long began) => call.Surroundings.Clock.GetElapsedTime(began).TotalSeconds;

    /// <summary>Shows an audit.</summary>
    /// <returns>The exit code.</returns>
    private protected static int Show(CommandCall call, AuditReport report)
    {
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

    /// <summary>Shows a shard.</summary>
    /// <returns>The exit code.</returns>
    private protected static int Show(CommandCall call, ShardReport report)
    {
        ShardRendering rendering = new(report);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, report, ShardDocuments.Default.Report);
        }
        else
        {
            rendering.WriteText(call.Surroundings.Text);
            call.Say("Its sums were not kept: with --json > FILE they are, for audit merge");
        }

        call.Say(rendering.Line);
        return report.IsClean ? ExitCode.Done : ExitCode.HasFindings;
    }

    private static string? FindLake(CommandCall call)
    {
        try
        {
            return call.Settings.Get(KnownSettings.Lake);
        }
        catch (Exception exception) when (exception is InvalidRequestException or InvalidOperationException)
        {
            return null;
        }
    }
}
