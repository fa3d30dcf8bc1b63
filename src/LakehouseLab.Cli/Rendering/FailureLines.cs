using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What a command that goes through many tables could not do for some of them.</summary>
internal static class FailureLines
{
    /// <summary>Tells each failure in a line, as every command that fails does.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(IEnumerable<string?> failures, TextWriter words)
    {
        int code = ExitCode.Done;
        foreach (string failure in failures.OfType<string>())
        {
            words.WriteLine($"lakelab: {failure.ReplaceLineEndings(" ")}");
            code = ExitCode.SystemFailed;
        }

        return code;
    }
}
