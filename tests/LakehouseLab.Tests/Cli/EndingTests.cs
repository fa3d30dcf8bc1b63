using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Tests.Cli;

/// <summary>How commands end other than by being done or refused.</summary>
public sealed class EndingTests
{
    [Fact]
    public async Task RunAsync_ReaderOfTheOutputHasGone_EndsQuietly()
    {
        using GoneAfter output = new(bytes: 100_000);
        CommandRun run = await CommandRun.OfAsync(["emulate", "transaction", "--rows", "100M", "--out", "-"], output: output);
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Words);
    }

    [Fact]
    public async Task RunAsync_Cancelled_Says130AndThatTheWorkGoesOn()
    {
        CommandRun run = await CommandRun.InterruptedAsync(["emulate", "transaction", "--out", "null"]);
        Assert.Equal(130, run.Code);
        Assert.Equal("lakelab: interrupted: what was finished is valid, and the same command goes on from there\n", run.Words);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("1", 2)]
    public async Task RunAsync_FaultOfTheProgram_IsOneLineUnlessDebugged(string? debug, int leastLines)
    {
        using FaultyStream output = new();
        Dictionary<string, string> variables = debug is null ? [] : new() { ["LAKELAB_DEBUG"] = debug };
        CommandRun run = await CommandRun.OfAsync(["sample", "transaction"], variables: variables, output: output);
        Assert.Equal(3, run.Code);
        Assert.StartsWith("lakelab: a fault of this program, InvalidOperationException: broken", run.Words, StringComparison.Ordinal);
        int lines = run.Words.TrimEnd('\n').Split('\n').Length;
        Assert.True(debug is null ? lines == 1 : lines >= leastLines);
    }

    [Fact]
    public async Task Emulate_Repeated_SaysThatNothingWasMade()
    {
        using TemporaryFolder folder = new();
        string[] line = ["emulate", "device-log", "--rows", "5k", "--lake", folder.Combine("lake")];
        CommandRun first = await CommandRun.OfAsync(line);
        CommandRun second = await CommandRun.OfAsync([.. line, "--threads", "1"]);
        Assert.StartsWith("device-log: 5,000 rows, ", first.Words, StringComparison.Ordinal);
        Assert.StartsWith("device-log: all 5,000 rows were in ", second.Words, StringComparison.Ordinal);
        Assert.Empty((await CommandRun.OfAsync([.. line, "--quiet"])).Words);
    }

    private class SinkStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class GoneAfter(long bytes) : SinkStream
    {
        private long _written;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _written += buffer.Length;
            if (_written > bytes)
            {
                throw new OutputClosedException();
            }
        }
    }

    private sealed class FaultyStream : SinkStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new InvalidOperationException("broken");
    }
}
