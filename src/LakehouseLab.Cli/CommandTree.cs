using System.CommandLine;
using System.CommandLine.Help;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Commands;
using LakehouseLab.Cli.Commands.Pipelines;
using LakehouseLab.Cli.Commands.Quarantines;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    /// <summary>Makes the whole tree.</summary>
    public static Command Create(Surroundings surroundings) => Create(surroundings, static _ => true);

    /// <summary>Makes the tree as far as a command line needs it: a command brings the libraries with it that its flags come from.</summary>
    public static Command Create(Surroundings surroundings, IReadOnlyList<string> arguments) =>
        Create(surroundings, arguments.Contains(CompleteCommand.Words.Name) ? static _ => true : arguments.Contains);

    private static Command Create(Surroundings surroundings, Func<string, bool> isCalled)
    {
        Command root = new("lakelab", "A lakehouse on your laptop that knows the truth.")
        {
            new HelpOption { Action = new HelpWithExample(surroundings) },
            new VersionOption(),
            new JsonOption(),
            new QuietOption(),
        };
        Add(InitCommand.Words, static surroundings => new InitCommand(surroundings));
        Add(RunCommand.Words, static surroundings => new RunCommand(surroundings));
        Add(EmulateCommand.Words, static surroundings => new EmulateCommand(surroundings));
        Add(SampleCommand.Words, static surroundings => new SampleCommand(surroundings));
        Add(SchemaCommand.Words, static surroundings => new SchemaCommand(surroundings));
        Add(TruthCommand.Words, static surroundings => new TruthCommand(surroundings));
        Add(AuditCommand.Words, static surroundings => new AuditCommand(surroundings));
        Add(TablesCommand.Words, static surroundings => new TablesCommand(surroundings));
        Add(QueryCommand.Words, static surroundings => new QueryCommand(surroundings));
        Add(HistoryCommand.Words, static surroundings => new HistoryCommand(surroundings));
        Add(VacuumCommand.Words, static surroundings => new VacuumCommand(surroundings));
        Add(PipelineCommand.Words, static surroundings => new PipelineCommand(surroundings));
        Add(QuarantineCommand.Words, static surroundings => new QuarantineCommand(surroundings));
        Add(OptimizeCommand.Words, static surroundings => new OptimizeCommand(surroundings));
        Add(ServeCommand.Words, static surroundings => new ServeCommand(surroundings));
        Add(ConfigCommand.Words, static surroundings => new ConfigCommand(surroundings));
        Add(CompletionCommand.Words, static surroundings => new CompletionCommand(surroundings));
        if (isCalled(CompleteCommand.Words.Name))
        {
            root.Add(new CompleteCommand(surroundings));
        }

        return root;

        void Add(CommandWords words, Func<Surroundings, Command> make) => root.Add(isCalled(words.Name) ? make(surroundings) : words.ToStandIn());
    }
}
