using System.CommandLine;

namespace LakehouseLab.Cli.Calls;

/// <summary>What help says of a command, for which the command itself need not be made.</summary>
/// <param name="Name">The word that calls it.</param>
/// <param name="Description">What it does, in one sentence.</param>
/// <param name="Example">A command line to copy.</param>
/// <param name="Argument">What stands for its argument in help; null when it has none.</param>
internal sealed record CommandWords(string Name, string Description, string Example, string? Argument = null)
{
    /// <summary>Makes a command that only looks like it in the help of the command above.</summary>
    public Command ToStandIn()
    {
        Command command = new(Name, Description);
        if (Argument is not null)
        {
            command.Add(new Argument<string>("argument") { HelpName = Argument });
        }

        return command;
    }
}
