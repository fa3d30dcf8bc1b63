using System.CommandLine;
using LakehouseLab.Cli.Settings;

namespace LakehouseLab.Cli.Commands;

/// <summary>A command that shows how it is used.</summary>
/// <param name="name">The word that calls it.</param>
/// <param name="description">What it does, in one sentence.</param>
/// <param name="example">A command line to copy.</param>
internal abstract class CommandWithExample(string name, string description, string example) : Command(name, description)
{
    /// <summary>A command line to copy.</summary>
    public string Example => example;

    /// <summary>Adds the flags of settings.</summary>
    protected void Add(params IEnumerable<Setting> settings)
    {
        foreach (Setting setting in settings)
        {
            Add(new Option<string>(setting.Flag)
            {
                Description = $"{setting.Description} [{setting.DefaultText}]",
                HelpName = setting.ValueName,
            });
        }
    }

    /// <summary>Says what the command does once it is called.</summary>
    protected void Runs(Surroundings surroundings, Func<CommandCall, CancellationToken, Task<int>> run) =>
        SetAction((parsed, cancellationToken) => run(new CommandCall(parsed, surroundings), cancellationToken));
}
