using System.Diagnostics;
using System.Globalization;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests;

/// <summary>Systems of a test's own, which it may harm.</summary>
internal sealed class OwnStack : IAsyncDisposable
{
    // The stack's own ports lie less than this apart from those of another system; the instance of all tests has the first thousand.
    private const int Step = 1_000;
    private const int First = 3_000;

    // Where Airflow serves its logs, unless it is told otherwise: the stack does not shift these.
    private const int WorkerLogs = 8_793;
    private const int TriggerLogs = 8_794;

    private static readonly HashSet<int> s_shifts = [];

    private readonly ExternalProgram _stack;
    private readonly TemporaryFolder _state;
    private readonly int _shift;

    private OwnStack(ExternalProgram stack, TemporaryFolder state, int shift)
    {
        _stack = stack;
        _state = state;
        _shift = shift;
    }

    /// <summary>The variables by which the systems are reached.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>Starts systems, or skips the test.</summary>
    /// <param name="systems">The systems, with flags of the stack's <c>up</c>.</param>
    public static Task<OwnStack> StartAsync(params string[] systems) => StartAsync(new Dictionary<string, string>(), systems);

    /// <summary>Starts systems with variables of their own, or skips the test.</summary>
    public static async Task<OwnStack> StartAsync(IReadOnlyDictionary<string, string> variables, params string[] systems)
    {
        ExternalProgram found = ExternalProgram.Find("LAKELAB_STACK");
        TemporaryFolder state = new();
        int shift = TakeShift();
        int ports = shift + int.Parse(System.Environment.GetEnvironmentVariable("STACK_PORT_SHIFT") ?? "0", CultureInfo.InvariantCulture);
        ExternalProgram stack = found with
        {
            Variables = new Dictionary<string, string>(variables)
            {
                ["STACK_STATE"] = state.Path,
                ["STACK_PORT_SHIFT"] = Port(0),
                ["AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT"] = Port(WorkerLogs),
                ["AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT"] = Port(TriggerLogs),
            },
        };
        OwnStack own = new(stack, state, shift);
        try
        {
            await own.DoAsync(["up", .. systems]);
            own.Environment = await stack.EnvironmentAsync();
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }

        string Port(int port) => (port + ports).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The folder with the systems' logs and data.</summary>
    public string State => _state.Path;

    /// <summary>Runs a command of the stack, such as <c>kill minio</c>.</summary>
    public async Task DoAsync(params string[] arguments)
    {
        (int code, _, string words) = await _stack.RunAsync(arguments);
        Assert.True(code == 0, words);
    }

    /// <summary>Starts a command of the stack that goes on until the test kills it.</summary>
    public Process Begin(params string[] arguments)
    {
        ProcessStartInfo start = _stack.Command(arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        return Process.Start(start)!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Also when the test was cancelled: its systems would stay behind.
        await _stack.RunAsync(["down"], CancellationToken.None);
        _state.Dispose();
        lock (s_shifts)
        {
            s_shifts.Remove(_shift);
        }
    }

    // Keeps the ports of systems that run at the same time apart.
    private static int TakeShift()
    {
        lock (s_shifts)
        {
            int shift = First;
            while (!s_shifts.Add(shift))
            {
                shift += Step;
            }

            return shift;
        }
    }
}
