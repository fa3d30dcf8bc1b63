using System.CommandLine;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>pipeline</c>: what turns raw records into tables.</summary>
internal sealed class PipelineCommand : CommandWithExample
{
    public PipelineCommand(Surroundings surroundings)
        : base("pipeline", "Turn raw records into Bronze, Silver and Gold tables.", "lakelab pipeline run --lake ./lake")
    {
        Add(new PipelineRunCommand(surroundings));
        Add(new PipelineStreamCommand(surroundings));
        Add(new PipelinePlanCommand(surroundings));
        Add(new PipelineCompileCommand(surroundings));
        Add(new PipelineListCommand(surroundings));
        Add(new PipelineRunsCommand(surroundings));
    }
}
