using System.CommandLine;
using System.CommandLine.Help;
using LakehouseLab.Cli.Commands;
using LakehouseLab.Cli.Parsing;

namespace LakehouseLab.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    /// <summary>Flag of every command: one machine-readable result.</summary>
    public const string Json = "--json";

    /// <summary>Flag of every command: no remarks.</summary>
    public const string Quiet = "--quiet";

    /// <summary>Makes the tree.</summary>
    public static Command Create(Surroundings surroundings) => new("lakelab", "A lakehouse on your laptop that knows the truth.")
    {
        new HelpOption { Action = new HelpWithExample(surroundings) },
        new VersionOption(),
        new Option<bool>(Json) { Description = "Write the result as one JSON document.", Recursive = true },
        new Option<bool>(Quiet, "-q") { Description = "No progress and no remarks; errors only.", Recursive = true },
        new RunCommand(surroundings),
        new EmulateCommand(surroundings),
        new SampleCommand(surroundings),
        new SchemaCommand(surroundings),
        new TruthCommand(surroundings),
        new AuditCommand(surroundings),
        new TablesCommand(surroundings),
        new QueryCommand(surroundings),
        new HistoryCommand(surroundings),
        new VacuumCommand(surroundings),
        new PipelineCommand(surroundings),
        new OptimizeCommand(surroundings),
        new ServeCommand(surroundings),
        new ConfigCommand(surroundings),
    };
}
