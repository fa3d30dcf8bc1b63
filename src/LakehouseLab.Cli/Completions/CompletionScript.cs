using System.Reflection;
using LakehouseLab.Cli.Values;

namespace LakehouseLab.Cli.Completions;

/// <summary>The scripts that teach shells to complete command lines of this program. Each asks the program itself, by <c>lakelab complete</c>.</summary>
internal static class CompletionScript
{
    /// <summary>The shells; each stands for the name of its script.</summary>
    public static Choices<string> Shells { get; } = new(["bash", "zsh", "pwsh"], static index => ((string[])["lakelab.bash", "lakelab.zsh", "lakelab.ps1"])[index]);

    /// <summary>Reads a script.</summary>
    /// <param name="name">What the shell's word stands for in <see cref="Shells"/>.</param>
    public static string Read(string name)
    {
        using Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(script);
        return reader.ReadToEnd();
    }
}
