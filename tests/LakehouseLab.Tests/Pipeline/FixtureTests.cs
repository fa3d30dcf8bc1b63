using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>
/// Runs the text files of Fixtures: <c>=== put KEY</c> puts the lines after it as a raw object, <c>=== run</c> runs the pipeline,
/// <c>=== query SQL</c> holds the rows of a query over the lake's tables against the lines after it, columns separated by <c> | </c>.
/// </summary>
public sealed class FixtureTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Pipeline", "Fixtures");

    public static TheoryData<string> Files => [.. Directory.GetFiles(s_folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Pipeline_OfFixture_GivesTheExpectedRows(string file)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        string text = await File.ReadAllTextAsync(Path.Combine(s_folder, file + ".txt"), TestContext.Current.CancellationToken);
        foreach (string section in text.Split("=== ", StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            string head = section.Split('\n')[0];
            string body = section[(head.Length + 1)..].TrimEnd('\n');
            string argument = head[(head.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            switch (head.Split(' ')[0])
            {
                case "put":
                    await lake.Store.PutAsync(argument, Encoding.UTF8.GetBytes(body + "\n"), TestContext.Current.CancellationToken);
                    break;
                case "run":
                    PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest(), TimeProvider.System, null, TestContext.Current.CancellationToken);
                    Assert.DoesNotContain(report.Models, model => model.State is ModelState.Failed or ModelState.Skipped);
                    break;
                case "query":
                    Assert.Equal(body, string.Join('\n', await LakeQueries.QueryAsync(lake, folder.Path, argument)));
                    break;
                default:
                    Assert.Fail($"'{head}' is not a section");
                    break;
            }
        }
    }
}
