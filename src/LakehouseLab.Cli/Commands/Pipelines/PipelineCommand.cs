using System.CommandLine;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline</c>: what turns raw records into tables.</summary>
internal sealed class PipelineCommand : CommandWithExample
{
    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("pipeline", "Turn raw records into Bronze, Silver and Gold tables.", "lakelab pipeline run --lake ./lake");

    public PipelineCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(new PipelineRunCommand(surroundings));
        Add(new PipelineStreamCommand(surroundings));
        Add(new PipelinePlanCommand(surroundings));
        Add(new PipelineCompileCommand(surroundings));
        Add(new PipelineTestCommand(surroundings));
        Add(new PipelineListCommand(surroundings));
        Add(new PipelineRunsCommand(surroundings));
    }
}
