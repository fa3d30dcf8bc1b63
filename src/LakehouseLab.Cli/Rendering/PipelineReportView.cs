using System.Globalization;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What a pipeline run did, for a person.</summary>
internal static class PipelineReportView
{
    /// <summary>Writes one line a step.</summary>
    public static void Write(PipelineReport report, TextWriter writer, string indent = "")
    {
        TextTable table = new("table", ">ingested", ">written", ">quarantined", ">duplicates", ">seconds", "");
        foreach (BronzeOutcome bronze in report.Bronze)
        {
            table.Add(bronze.Table, Figures.Count(bronze.Records), Figures.Count(bronze.Records), "", "", Seconds(bronze.Seconds), Remark(bronze));
        }

        foreach (ModelOutcome model in report.Models)
        {
            bool source = model.RowsIn > 0;
            table.Add(
                model.Table,
                source ? Figures.Count(model.RowsIn) : "",
                model.State == ModelState.Updated ? Figures.Count(model.RowsOut) : "",
                source ? Figures.Count(model.Quarantined) : "",
                source ? Figures.Count(model.Duplicates) : "",
                Seconds(model.Seconds),
                Remark(model));
        }

        table.Write(writer, indent);
    }

    /// <summary>Tells what a person should look at, a line each.</summary>
    public static void TellWarnings(PipelineReport report, CommandCall call)
    {
        foreach (ModelOutcome model in report.Models)
        {
            foreach (RunWarning warning in model.Warnings)
            {
                call.Say($"warning: {model.Table}: {warning.Message}");
            }
        }
    }

    /// <summary>Tells what failed in one line, as every command that fails does.</summary>
    public static void TellFailures(PipelineReport report, TextWriter words)
    {
        if (report.Failures.Count > 0)
        {
            string more = report.Failures.Count > 1 ? $" (and {report.Failures.Count - 1} more: see lakelab pipeline runs --json)" : "";
            words.WriteLine($"lakelab: {report.Failures[0].ReplaceLineEndings(" ")}{more}");
        }
    }

    /// <summary>The exit code of a run.</summary>
    public static int CodeOf(PipelineReport report) =>
        report.Failures.Count > 0 ? ExitCode.SystemFailed : report.FoundWanting ? ExitCode.HasFindings : ExitCode.Done;

    private static string Seconds(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Remark(BronzeOutcome bronze)
    {
        string objects = ObjectRemarksView.Summarize(bronze.Remarks);
        return bronze.Failure is not null ? "FAILED" : objects.Length > 0 ? objects : bronze.Records == 0 ? "up to date" : "";
    }

    private static string Remark(ModelOutcome model)
    {
        string state = model.State switch
        {
            ModelState.UpToDate => "up to date",
            ModelState.Failed => "FAILED",
            ModelState.Skipped => $"skipped: {model.Note}",
            ModelState.LeftAlone => model.Note ?? "",
            ModelState.Updated when model.Note is { } note and not ModelOutcome.TableIsNew => note,
            _ => "",
        };
        string foreign = model.Foreign.Count == 0 ? ""
            : $"{Figures.Count(model.Foreign.Values.Sum())} left out, of {(model.Foreign.Count == 1 ? $"foreign emulation {model.Foreign.Keys.First()}" : $"{model.Foreign.Count} foreign emulations")}";
        return string.Join("; ", model.Violations.Select(pair => $"{Figures.Count(pair.Value)} break '{pair.Key}'").Prepend(foreign).Prepend(state).Where(part => part.Length > 0));
    }
}
