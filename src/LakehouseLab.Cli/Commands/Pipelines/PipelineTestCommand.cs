using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Testing;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline test</c>: models on rows of their tests, and increments against full runs.</summary>
internal sealed class PipelineTestCommand : CommandWithExample
{
    private const int MaxTrials = 1000;
    private const int MaxRows = 1_000_000;

    private static readonly TrialOptions s_usual = new();

    private readonly SelectOption _select = new();
    private readonly Option<bool> _incremental = new("--incremental") { Description = "Compare increments over randomly split input with full runs." };

    private readonly ValueOption<int> _trials = new("--trials", "COUNT", $"How many random splits [{s_usual.Trials}]", static text => (int)Count.Parse(text, 1, MaxTrials)) { Default = s_usual.Trials };
    private readonly ValueOption<int> _rows = new("--rows", "COUNT", $"Records of each domain that are split [{s_usual.Rows}]", static text => (int)Count.Parse(text, 1, MaxRows)) { Default = s_usual.Rows };
    private readonly ValueOption<long> _seed = new("--split-seed", "NUMBER", $"Seed of the splits [{s_usual.Seed}]", static text => Count.Parse(text, 0, long.MaxValue)) { Default = s_usual.Seed };

    public PipelineTestCommand(Surroundings surroundings)
        : base("test", "Test models with rows of their own, or their increments against full runs.", "lakelab pipeline test --incremental")
    {
        Add(_select, _incremental, _trials, _rows, _seed);
        Add(KnownSettings.Models, KnownSettings.Threads, KnownSettings.MemoryLimit);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        PipelineRequest request = new()
        {
            Catalog = call.LoadModels(),
            Select = call.Get(_select),
            Threads = call.Settings.Get(KnownSettings.Threads),
            MemoryLimit = call.Settings.Get(KnownSettings.MemoryLimit),
        };
        TestReportView view = new(call);
        TestFolders folders = new(call.FindModels() is { } models ? [models, Path.Combine(models, "..", ProjectFolder.Tests)] : [], call.Surroundings.Folder);
        TestReport report = call.Get(_incremental)
            ? await PipelineTest.CompareAsync(request, folders, new TrialOptions(call.Get(_trials), call.Get(_rows), call.Get(_seed)), call.Surroundings.Clock, view, cancellationToken).ConfigureAwait(false)
            : await PipelineTest.RunAsync(request, folders, call.Surroundings.Clock, view, cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => JsonSerializer.Serialize(writer, report, TestDocuments.Default.TestReport));
        }
        else
        {
            view.End(report);
        }

        return report.Failed > 0 ? ExitCode.HasFindings : ExitCode.Done;
    }
}
