using System.CommandLine;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Calls;

/// <summary>A command that shows how it is used.</summary>
/// <param name="words">What help says of it.</param>
internal abstract class CommandWithExample(CommandWords words) : Command(words.Name, words.Description)
{
    /// <summary>Makes a command that is made whenever the one above it is.</summary>
    protected CommandWithExample(string name, string description, string example)
        : this(new CommandWords(name, description, example))
    {
    }

    /// <summary>A command line to copy.</summary>
    public string Example => words.Example;

    /// <summary>Adds flags.</summary>
    protected void Add(params IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            Options.Add(option);
        }
    }

    /// <summary>Adds the flags of settings.</summary>
    protected void Add(params IEnumerable<Setting> settings)
    {
        foreach (Setting setting in settings)
        {
            Options.Add(setting.CreateOption());
        }
    }

    /// <summary>Tells programs about a failure, before its one line for people is written.</summary>
    /// <param name="call">The command as it was called.</param>
    /// <param name="failure">What ended it.</param>
    public virtual void TellFailure(CommandCall call, Exception failure)
    {
        // Most results have no form for a failure.
    }

    /// <summary>Says what the command does once it is called.</summary>
    protected void Runs(Surroundings surroundings, Func<CommandCall, CancellationToken, Task<int>> run) =>
        SetAction((parsed, cancellationToken) => run(new CommandCall(parsed, surroundings), cancellationToken));
}
