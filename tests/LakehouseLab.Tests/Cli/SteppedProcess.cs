using System.Diagnostics;

namespace LakehouseLab.Tests.Cli;

/// <summary>The built program at work on a lake. Its steps are the files that come and go below the lake, so where it is killed does
/// not depend on how fast the machine is.</summary>
internal sealed class SteppedProcess : IDisposable
{
    private readonly Process _process;
    private readonly FileSystemWatcher _watcher;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _steps;
    private int _killAt = int.MaxValue;

    private SteppedProcess(string lake, string[] arguments)
    {
        _watcher = new FileSystemWatcher(lake) { IncludeSubdirectories = true, InternalBufferSize = 1 << 20 };
        _watcher.Created += (_, _) => Step();
        _watcher.Renamed += (_, _) => Step();
        _watcher.EnableRaisingEvents = true;
        string dll = Path.Combine(AppContext.BaseDirectory, "lakelab.dll");
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _process = Process.Start(new ProcessStartInfo(host, [dll, .. arguments, "--lake", lake])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
    }

    /// <summary>How many steps were seen.</summary>
    public int Steps => _steps;

    public static SteppedProcess Start(string lake, params string[] arguments) => new(lake, arguments);

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code and what it wrote to standard error.</returns>
    public async Task<(int Code, string Words)> EndAsync()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string words = await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, words);
    }

    /// <summary>Kills it at a step, unless it ends before.</summary>
    public async Task KillAtAsync(int step)
    {
        _killAt = step;
        await Task.WhenAny(_reached.Task, EndAsync());
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _process.Dispose();
    }

    private void Step()
    {
        if (Interlocked.Increment(ref _steps) >= _killAt)
        {
            _reached.TrySetResult();
        }
    }
}
