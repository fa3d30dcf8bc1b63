using System.CommandLine;

namespace LakehouseLab.Cli.Options;

/// <summary>Flag of every command: one machine-readable result.</summary>
internal sealed class JsonOption : Option<bool>
{
    /// <summary>Declares it.</summary>
    public JsonOption()
        : base("--json")
    {
        Description = "Write the result as one JSON document.";
        Recursive = true;
    }
}

/// <summary>Flag of every command: no remarks.</summary>
internal sealed class QuietOption : Option<bool>
{
    /// <summary>Declares it.</summary>
    public QuietOption()
        : base("--quiet", "-q")
    {
        Description = "No progress and no remarks; errors only.";
        Recursive = true;
    }
}
