using System.Text;
using LakehouseLab.Cli;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Tests.Cli;

/// <summary>A command line that was run in this process: its exit code and what it wrote.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Data">Standard output.</param>
/// <param name="Words">Standard error.</param>
internal sealed record CommandRun(int Code, string Data, string Words)
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="folder">The working folder: where the search for a settings file begins.</param>
    /// <param name="variables">The environment; it has no other variables.</param>
    /// <param name="output">Standard output instead of the captured one.</param>
    /// <param name="input">Standard input.</param>
    public static Task<CommandRun> OfAsync(
        IReadOnlyList<string> arguments, string folder = "/", IReadOnlyDictionary<string, string>? variables = null, Stream? output = null, byte[]? input = null) =>
        RunAsync(arguments, folder, variables, output, input, TestContext.Current.CancellationToken);

    /// <summary>Runs a command line written as a user would, without quotes.</summary>
    public static Task<CommandRun> OfAsync(string line) => OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Runs a command line that Ctrl-C interrupts at once.</summary>
    public static Task<CommandRun> InterruptedAsync(IReadOnlyList<string> arguments) =>
        RunAsync(arguments, "/", null, null, null, new CancellationToken(canceled: true));

    private static async Task<CommandRun> RunAsync(
        IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string>? variables, Stream? output, byte[]? input, CancellationToken interruption)
    {
        using MemoryStream captured = new();
        using StringWriter words = new() { NewLine = "\n" };
        Stream data = output ?? captured;
        Surroundings surroundings = new()
        {
            Output = data,
            Input = new MemoryStream(input ?? []),
            Text = new StreamWriter(data, new UTF8Encoding(false)) { NewLine = "\n" },
            Words = words,
            Folder = folder,
            Variable = name => variables?.GetValueOrDefault(name),
        };
        int code = await CommandLine.RunAsync(arguments, surroundings, interruption);
        return new CommandRun(code, Encoding.UTF8.GetString(captured.ToArray()), words.ToString());
    }
}
