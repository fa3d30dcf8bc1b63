using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace LakehouseLab.IntegrationTests;

/// <summary>The built program at work, which a test may kill as the operating system kills it.</summary>
internal sealed class LakelabProcess : IDisposable
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _words;

    private LakelabProcess(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, [Path.Combine(AppContext.BaseDirectory, "lakelab.dll"), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _words = ReadWordsAsync();
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts the program.</summary>
    public static LakelabProcess Start(params string[] arguments) => new(new Dictionary<string, string>(), arguments);

    /// <summary>Starts the program with variables of its own.</summary>
    public static LakelabProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => new(environment, arguments);

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int Code, string Output, string Words)> RunAsync(params string[] arguments)
    {
        using LakelabProcess process = Start(arguments);
        return await process.EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public async Task<(int Code, string Output, string Words)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _output, await _words);
    }

    /// <summary>Waits for a line of standard error with a text in it.</summary>
    public async Task<string> WaitForLineAsync(string text)
    {
        await foreach (string line in _lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"it ended without '{text}': {await _words}");
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Kills it (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> ReadWordsAsync()
    {
        StringBuilder words = new();
        while (await _process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            words.AppendLine(line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
        return words.ToString();
    }
}
