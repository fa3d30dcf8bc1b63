using System.Diagnostics;

namespace LakehouseLab.Tests.Pages;

/// <summary>Follows a page word for word, as its reader would: in a folder of its own, with the built program on the path as <c>lakelab</c>.</summary>
/// <param name="folder">The folder in which the reader begins.</param>
internal sealed class PageRun(string folder) : IDisposable
{
    // What the page's commands must not inherit from whoever runs the tests.
    private static readonly string[] s_foreignVariables = ["LAKELAB_", "KAFKA_", "S3_", "AWS_", "OTEL_"];

    private readonly TemporaryFolder _own = new();

    /// <summary>Variables in the environment of the page's commands.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>What there is beside the program; commands that need more are left out.</summary>
    public IReadOnlyList<string> Has { get; init; } = [];

    /// <summary>What stands for a page's commands here, such as the built program for one that would build it first.</summary>
    public Func<string, string> Translate { get; init; } = static commands => commands;

    /// <summary>Follows a page.</summary>
    /// <returns>How many blocks of commands were run.</returns>
    public async Task<int> FollowAsync(Page page)
    {
        int run = 0;
        WriteProgram();
        foreach (PageStep step in page.Steps)
        {
            if (step is FileStep file)
            {
                string path = Path.Combine(await FolderAsync(), file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, file.Text, TestContext.Current.CancellationToken);
            }
            else if (step is CommandStep command && command.Needs.All(Has.Contains))
            {
                await RunAsync(page, command);
                run++;
            }
        }

        return run;
    }

    /// <inheritdoc/>
    public void Dispose() => _own.Dispose();

    private async Task RunAsync(Page page, CommandStep step)
    {
        (int code, string output) = await BashAsync(Translate(step.Commands));
        string? difference = code != step.ExitCode ? $"the commands ended with {code}, not with {step.ExitCode}" : step.Shown?.DifferenceFrom(output);
        Assert.True(difference is null, $"{page.Name}:{step.Line}: {difference}\n\n{step.Commands}\nwrote\n\n{output}");
    }

    private async Task<string> FolderAsync() => (await BashAsync("pwd")).Output.Trim();

    // Each block is a shell of its own, and goes on in the folder and with the variables in which the one before it ended.
    private async Task<(int Code, string Output)> BashAsync(string commands)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string state = _own.Combine("state");
        string script =
            $$"""
            exec 2>&1
            if [ -f '{{state}}' ]; then . '{{state}}'; fi
            trap '{ export -p; printf "cd %q\n" "$PWD"; } > {{state}}' EXIT
            set -euo pipefail
            {{commands}}
            """;
        ProcessStartInfo start = new("bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string name in start.Environment.Keys.Where(name => s_foreignVariables.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = $"{_own.Combine("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private void WriteProgram()
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string program = Path.Combine(Directory.CreateDirectory(_own.Combine("bin")).FullName, "lakelab");
        File.WriteAllText(program, $"#!/bin/sh\nexec '{host}' '{Path.Combine(AppContext.BaseDirectory, "lakelab.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
