using LakehouseLab.Cli.Calls;
using LakehouseLab.Pipeline.Testing;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Shows each test of a model as it ends.</summary>
/// <param name="call">The command.</param>
internal sealed class TestReportView(CommandCall call) : IProgress<TestOutcome>
{
    /// <inheritdoc/>
    public void Report(TestOutcome value)
    {
        if (call.Json)
        {
            return;
        }

        call.Surroundings.Text.WriteLine($"{(value.Problem is null ? "passed" : "FAILED")}  {value.Model}: {value.Name}");
        if (value.Problem is { } problem)
        {
            call.Surroundings.Text.WriteLine($"        {problem}");
            if (value.Place is { } place)
            {
                call.Surroundings.Text.WriteLine($"        {place}");
            }
        }
    }

    /// <summary>Shows how many passed.</summary>
    public void End(TestReport report) =>
        call.Surroundings.Text.WriteLine($"{report.Tests.Count - report.Failed} passed, {report.Failed} failed");
}
