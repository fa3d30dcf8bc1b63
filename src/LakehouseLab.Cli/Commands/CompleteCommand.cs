using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Completions;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>complete</c>: what the scripts of <c>completion</c> ask; not for people.</summary>
internal sealed class CompleteCommand : CommandWithExample
{
    private readonly ValueArgument<string> _line = new("line", "LINE", "The command line up to the cursor.", static text => text);

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("complete", "List the words that complete a command line.", "lakelab complete \"lakelab emulate tr\"", "LINE");

    public CompleteCommand(Surroundings surroundings)
        : base(Words)
    {
        Hidden = true;
        Add(_line);
        Runs(surroundings, (call, _) =>
        {
            foreach (string word in Suggestions.For(call.Root, call.Get(_line), parsed => ModelsOf(new CommandCall(parsed, call.Surroundings))))
            {
                call.Surroundings.Text.WriteLine(word);
            }

            return Task.FromResult(ExitCode.Done);
        });
    }

    // Who completes a line is told of wrong models by the command itself.
    private static ModelCatalog ModelsOf(CommandCall call)
    {
        try
        {
            return call.LoadModels();
        }
        catch (InvalidRequestException)
        {
            return ModelCatalog.BuiltIn;
        }
    }
}
