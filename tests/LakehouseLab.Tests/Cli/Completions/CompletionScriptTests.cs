using System.Diagnostics;

namespace LakehouseLab.Tests.Cli.Completions;

/// <summary>Loads the scripts into the shells that are installed here, and lets them complete lines as they do for a user.</summary>
public sealed class CompletionScriptTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lakelab emulate transaction --format c", "csv")]
    [InlineData("lakelab emulate transaction --format=c", "csv")]
    [InlineData("lakelab pipeline run --sele", "--select")]
    [InlineData("lakelab audit --layers raw,br", "raw,bronze")]
    public async Task Bash_Line_IsCompleted(string line, string expected)
    {
        // As readline calls the function: the line, the cursor, and the words of it.
        string ask = $$"""
            COMP_LINE='{{line}}'; COMP_POINT={{line.Length}}
            function=$(complete -p lakelab | sed 's/.*-F \([^ ]*\) .*/\1/')
            "$function" lakelab
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        Assert.Equal(expected, await CompleteAsync("bash", "bash", ask, "-c"));
    }

    [Fact]
    public async Task Zsh_Line_IsCompleted()
    {
        // The completion system needs an interactive line, so its builtins are stood in for.
        const string Ask = """
            compadd() { shift 2; print -l -- "$@" }
            words=(lakelab emulate transaction --format=c); CURRENT=4; PREFIX='--format=c'
            _lakelab
            """;
        Assert.Equal("--format=csv", await CompleteAsync("zsh", "zsh", Ask, "-c", before: "compdef() { : }\n"));
    }

    [Fact]
    public async Task PowerShell_Line_IsCompleted() =>
        Assert.Equal("csv", await CompleteAsync(
            "pwsh", "pwsh", "$line = 'lakelab emulate transaction --format c'; (TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object CompletionText", "-Command"));

    private static async Task<string> CompleteAsync(string shell, string program, string ask, string flag, string before = "")
    {
        Assert.SkipUnless(IsInstalled(program), $"{program} is not installed");
        using TemporaryFolder folder = new();
        string script = (await CommandRun.OfAsync(["completion", shell])).Data;
        WriteLauncher(folder.Combine("lakelab"));
        ProcessStartInfo start = new(program, [flag, $"{before}{script}\n{ask}"]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return output.TrimEnd();
    }

    private static bool IsInstalled(string program) => !OperatingSystem.IsWindows()
        && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void WriteLauncher(string path)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        File.WriteAllText(path, $"#!/bin/sh\nexec '{host}' '{Path.Combine(AppContext.BaseDirectory, "lakelab.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
