using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Commands.Quarantines;

/// <summary><c>quarantine</c>: the records that Silver refused, and their repair.</summary>
internal sealed class QuarantineCommand : CommandWithExample
{
    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("quarantine", "Look at the records that Silver refused, and replay repaired ones.", "lakelab quarantine list --lake ./lake");

    public QuarantineCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(new QuarantineListCommand(surroundings));
        Add(new QuarantineShowCommand(surroundings));
        Add(new QuarantineReplayCommand(surroundings));
    }
}
