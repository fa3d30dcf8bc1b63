using System.Text;
using System.Text.Json;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>What a session leaves on a server: files for its executors, streaming queries; and what a restart takes from it.</summary>
public sealed class SparkServerTests
{
    public SparkServerTests() => SparkTrials.Require();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task AddArtifactAsync_AProgram_RunsInTasks(int padding)
    {
        await using SparkSession session = await OpenAsync();
        string program = "#!/bin/sh\nwhile read line; do echo \"<$line>\"; done\n" + new string('#', padding);
        await session.AddArtifactAsync("tool", new MemoryStream(Encoding.UTF8.GetBytes(program)), Cancellation);
        using SparkResult result = await session.QueryAsync(
            $"SELECT TRANSFORM(id) USING './{session.ServerSideSessionId}/tool' AS (line STRING) FROM range(3)", cancellationToken: Cancellation);
        Assert.Equal(["<0>", "<1>", "<2>"], result.Rows.Select(static row => row.Get<string>("line")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task StartStreamAsync_ATable_IsFollowedReportedAndStopped()
    {
        using TemporaryFolder folder = new();
        string source = Path.Combine(folder.Path, "source");
        await using SparkSession session = await OpenAsync();
        await session.WriteAsync("SELECT id FROM range(100)", new SparkWrite { Path = source }, cancellationToken: Cancellation);
        SparkStreamWrite write = new() { Path = Path.Combine(folder.Path, "sink"), Options = new Dictionary<string, string> { ["checkpointLocation"] = Path.Combine(folder.Path, "checkpoint") } };
        SparkRelation input = SparkRelation.Source("delta", paths: [source], streaming: true);

        SparkStreamingQuery once = await session.StartStreamAsync(input, write, Cancellation);
        Assert.True(await once.AwaitTerminationAsync(TimeSpan.FromMinutes(2), Cancellation));
        Assert.Equal(100, Rows(await once.RecentProgressAsync(Cancellation)));
        Assert.Null(await once.FailureAsync(Cancellation));

        SparkStreamingQuery lasting = await session.StartStreamAsync(input, write with { Trigger = SparkTrigger.Every(TimeSpan.FromMilliseconds(100)) }, Cancellation);
        Assert.Equal(once.Id, lasting.Id);
        await session.WriteAsync("SELECT id FROM range(7)", new SparkWrite { Path = source }, cancellationToken: Cancellation);
        await lasting.ProcessAllAvailableAsync(Cancellation);
        Assert.True((await lasting.StatusAsync(Cancellation)).IsActive);
        Assert.NotNull(await lasting.LastProgressAsync(Cancellation));
        await lasting.StopAsync(Cancellation);
        Assert.False((await lasting.StatusAsync(Cancellation)).IsActive);
        using SparkResult result = await session.QueryAsync($"SELECT count(*) AS n FROM delta.`{write.Path}`", cancellationToken: Cancellation);
        Assert.Equal(107, Assert.Single(result.Rows).Get<long>("n"));
    }

    [Fact]
    public async Task StartStreamAsync_ARowThatCannotBe_FailsTheQueryWithItsCause()
    {
        using TemporaryFolder folder = new();
        await using SparkSession session = await OpenAsync();
        await session.WriteAsync("SELECT 'x' AS text", new SparkWrite { Path = $"{folder.Path}/source" }, cancellationToken: Cancellation);
        await session.CreateViewAsync("texts", SparkRelation.Source("delta", paths: [$"{folder.Path}/source"], streaming: true), Cancellation);
        SparkStreamingQuery query = await session.StartStreamAsync(
            "SELECT CAST(text AS INT) AS n FROM texts",
            new SparkStreamWrite { Path = $"{folder.Path}/sink", Options = new Dictionary<string, string> { ["checkpointLocation"] = $"{folder.Path}/checkpoint" } },
            Cancellation);
        SparkStatementException exception = await Assert.ThrowsAsync<SparkStatementException>(() => query.AwaitTerminationAsync(TimeSpan.FromMinutes(2), Cancellation));
        Assert.Equal("STREAM_FAILED", exception.ErrorClass);
        Assert.Contains("CAST_INVALID_INPUT", exception.Message, StringComparison.Ordinal);
        Assert.Contains("CAST_INVALID_INPUT", (await query.FailureAsync(Cancellation))!.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_AfterARestartOfTheServer_TheSessionIsLost()
    {
        await using OwnStack stack = await OwnStack.StartAsync("spark");
        SparkConnectionString connection = SparkConnectionString.Parse(stack.Environment["SPARK_REMOTE"]);
        await using SparkSession session = await SparkSession.OpenAsync(connection, cancellationToken: Cancellation);
        await session.CreateViewAsync("one", "SELECT 1 AS n", Cancellation);
        await stack.DoAsync("kill", "spark-connect");
        SparkConnectionException gone = await Assert.ThrowsAsync<SparkConnectionException>(
            () => SparkSession.OpenAsync(connection, new SparkSessionOptions { OpenFor = TimeSpan.FromSeconds(1) }, Cancellation));
        Assert.Contains("cannot be reached", gone.Message, StringComparison.Ordinal);

        // Sent while the server is away, it waits for the server and is told then.
        Task<SparkResult> query = session.QueryAsync("SELECT n FROM one", cancellationToken: Cancellation);
        await stack.DoAsync("up", "spark");
        await Assert.ThrowsAsync<SparkSessionLostException>(() => query);
        await using SparkSession next = await SparkSession.OpenAsync(connection, cancellationToken: Cancellation);
        Assert.NotEqual(session.ServerSideSessionId, next.ServerSideSessionId);
    }

    private static long Rows(IEnumerable<string> progress) => progress.Sum(static report =>
    {
        using JsonDocument document = JsonDocument.Parse(report);
        return document.RootElement.GetProperty("sources").EnumerateArray().Sum(static source => source.GetProperty("numInputRows").GetInt64());
    });

    private static async Task<SparkSession> OpenAsync() =>
        await SparkSession.OpenAsync(SparkConnectionString.Parse(await StackSystem.FindAsync("SPARK_REMOTE", "spark")), cancellationToken: Cancellation);
}
