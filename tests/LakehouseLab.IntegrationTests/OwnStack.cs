using System.Globalization;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests;

/// <summary>Systems of a test's own, which it may harm.</summary>
internal sealed class OwnStack : IAsyncDisposable
{
    private readonly ExternalProgram _stack;
    private readonly TemporaryFolder _state;

    private OwnStack(ExternalProgram stack, TemporaryFolder state, IReadOnlyDictionary<string, string> environment)
    {
        _stack = stack;
        _state = state;
        Environment = environment;
    }

    /// <summary>The variables by which the systems are reached.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Starts systems, or skips the test.</summary>
    /// <param name="portShift">Keeps their ports apart from those of other tests.</param>
    /// <param name="systems">The systems, with flags of the stack's <c>up</c>.</param>
    public static async Task<OwnStack> StartAsync(int portShift, params string[] systems)
    {
        ExternalProgram found = ExternalProgram.Find("LAKELAB_STACK");
        TemporaryFolder state = new();
        int shift = portShift + int.Parse(System.Environment.GetEnvironmentVariable("STACK_PORT_SHIFT") ?? "0", CultureInfo.InvariantCulture);
        ExternalProgram stack = found with
        {
            Variables = new Dictionary<string, string> { ["STACK_STATE"] = state.Path, ["STACK_PORT_SHIFT"] = shift.ToString(CultureInfo.InvariantCulture) },
        };
        (int code, _, string words) = await stack.RunAsync(["up", .. systems]);
        Assert.True(code == 0, words);
        return new OwnStack(stack, state, await stack.EnvironmentAsync());
    }

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
    }
}
