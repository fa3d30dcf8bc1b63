using System.Globalization;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests;

/// <summary>Systems of a test's own, which it may harm.</summary>
internal sealed class OwnStack : IAsyncDisposable
{
    // The stack's own ports lie less than this apart from those of another system; the instance of all tests has the first thousand.
    private const int Step = 1_000;
    private const int First = 3_000;

    private static readonly HashSet<int> s_shifts = [];

    private readonly ExternalProgram _stack;
    private readonly TemporaryFolder _state;
    private readonly int _shift;

    private OwnStack(ExternalProgram stack, TemporaryFolder state, int shift, IReadOnlyDictionary<string, string> environment)
    {
        _stack = stack;
        _state = state;
        _shift = shift;
        Environment = environment;
    }

    /// <summary>The variables by which the systems are reached.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

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
            Variables = new Dictionary<string, string>(variables) { ["STACK_STATE"] = state.Path, ["STACK_PORT_SHIFT"] = ports.ToString(CultureInfo.InvariantCulture) },
        };
        (int code, _, string words) = await stack.RunAsync(["up", .. systems]);
        Assert.True(code == 0, words);
        return new OwnStack(stack, state, shift, await stack.EnvironmentAsync());
    }

    /// <summary>The folder with the systems' logs and data.</summary>
    public string State => _state.Path;

    /// <summary>Runs a command of the stack, such as <c>kill minio</c>.</summary>
    public async Task DoAsync(params string[] arguments)
    {
        (int code, _, string words) = await _stack.RunAsync(arguments);
        Assert.True(code == 0, words);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stack.RunAsync("down");
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
