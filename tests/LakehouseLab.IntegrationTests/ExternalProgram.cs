using System.Diagnostics;

namespace LakehouseLab.IntegrationTests;

/// <summary>A program of the surroundings, named by an environment variable; a test whose program is absent is skipped and says so.</summary>
/// <param name="Path">Path of the program.</param>
internal sealed record ExternalProgram(string Path)
{
    /// <summary>Finds a program, or skips the test.</summary>
    /// <param name="variable">The variable that holds its path.</param>
    public static ExternalProgram Find(string variable)
    {
        string? path = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(path), $"{variable} is not set");
        Assert.True(File.Exists(path), $"{variable}: there is no file {path}");
        return new ExternalProgram(path!);
    }

    /// <summary>What it has in its environment beside this process's variables.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The variables that <c>PROGRAM env</c> names, as lines for a shell.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync()
    {
        const string Export = "export ";
        (int code, string output, string words) = await RunAsync("env");
        Assert.True(code == 0, words);
        return output.Split('\n').Where(static line => line.StartsWith(Export, StringComparison.Ordinal)).Select(static line => line[Export.Length..].Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
    }

    /// <summary>Runs it to its end, which the test's cancellation brings about early.</summary>
    /// <returns>Exit code and what it wrote.</returns>
    public Task<(int Code, string Output, string Words)> RunAsync(params string[] arguments) => RunAsync(arguments, TestContext.Current.CancellationToken);

    /// <summary>Runs it to its end, or until it is cancelled.</summary>
    /// <returns>Exit code and what it wrote.</returns>
    public async Task<(int Code, string Output, string Words)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using Process process = Process.Start(Command(arguments))!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> words = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output, await words);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>How it is started.</summary>
    public ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
