using System.Text.Json;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>What people on call meet, as the table in docs/airflow.md tells it: Airflow and the service are disturbed while a task is deferred.</summary>
[Collection(typeof(AirflowTests))]
public sealed class OnCallTests(AirflowLab lab) : IAsyncDisposable
{
    private const string Dag = "on_call";
    private const string Timeout = "on_call_timeout";
    private const string Emulate = "emulate";

    public async ValueTask DisposeAsync() => await lab.CleanUpAsync(Dag, Timeout);

    [Fact]
    public Task ServiceKilled_WhileATaskIsDeferred_IsWaitedFor() => GoesOnInItsFirstTryAsync("service-killed", async () =>
    {
        await lab.KillServiceAsync();
        await lab.StartServiceAsync();
    });

    [Fact]
    public Task ServiceAnswering500_WhileATaskIsDeferred_IsWaitedFor() =>
        GoesOnInItsFirstTryAsync("service-failing", () => lab.FailRequestsAsync(static () => Task.CompletedTask, failures: 4));

    [Fact]
    public Task AirflowKilled_WhileATaskIsDeferred_FollowsItAgainAndCancelsNothing() => GoesOnAsync("airflow-killed", lab.RestartAirflowAsync);

    [Theory]
    [InlineData("scheduler")]
    [InlineData("triggerer")]
    public Task PartOfAirflowKilled_WhileATaskIsDeferred_FollowsItAgainAndCancelsNothing(string part) =>
        GoesOnInItsFirstTryAsync($"{part}-killed", () => lab.RestartPartAsync(part));

    [Fact]
    public async Task TaskCleared_WhileDeferred_GoesOnWithTheSameEmulation()
    {
        Guid emulation = await DeferAsync("cleared", rows: 10_000);
        await lab.Airflow.ClearAsync(Dag, "cleared", Emulate);
        await lab.Airflow.SucceedAsync(Dag, "cleared");
        Assert.Equal(emulation.ToString(), await lab.Airflow.XComAsync(Dag, "cleared", Emulate));
        Assert.Equal(("completed", 10_000), await lab.Service.StatusAsync(emulation));
    }

    [Fact]
    public async Task TaskMarkedAsFailed_WhileDeferred_CancelsItsEmulation()
    {
        Guid emulation = await DeferAsync("killed", rows: 1_000_000);
        await lab.Airflow.FailAsync(Dag, "killed", Emulate);
        Assert.Equal("cancelled", await lab.Service.WaitAsync(emulation, static (_, _) => false));
    }

    [Fact]
    public async Task TaskMarkedAsFailed_WhileTheServiceIsAway_CancelsItsEmulationOnceItIsBack()
    {
        Guid emulation = await DeferAsync("killed-while-away", rows: 1_000_000);
        await lab.BreakConnectionAsync(() => lab.Airflow.FailAsync(Dag, "killed-while-away", Emulate), failures: 6);
        Assert.Equal("cancelled", await lab.Service.WaitAsync(emulation, static (_, _) => false));
    }

    [Fact]
    public async Task TaskTimedOut_WhileDeferred_FailsAndCancelsItsEmulation()
    {
        Guid emulation = await DeferAsync("timed-out", rows: 1_000_000, Timeout);
        Assert.Equal("failed", await lab.Airflow.EndAsync(Timeout, "timed-out"));
        Assert.Equal("cancelled", await lab.Service.WaitAsync(emulation, static (_, _) => false));
        Assert.Contains("had not ended in time", await lab.Airflow.LogAsync(Timeout, "timed-out", Emulate), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRuns_AtOnce_HaveRowsOfTheirOwn()
    {
        await lab.StartAsync();
        string[] runs = ["one", "two"];
        foreach (string run in runs)
        {
            await lab.Airflow.TriggerAsync(Dag, run, new { rows = 1_000 });
        }

        List<long> ends = [];
        foreach (string run in runs)
        {
            await lab.Airflow.SucceedAsync(Dag, run);
            JsonElement emulation = await lab.Service.ShowAsync(Guid.Parse(await lab.Airflow.XComAsync(Dag, run, Emulate)));
            ends.Add(emulation.GetProperty("progress").GetProperty("next_row").GetInt64());
        }

        Assert.True(Math.Abs(ends[0] - ends[1]) >= 1_000, $"a thousand rows each, up to {ends[0]} and {ends[1]}");
    }

    // An emulation goes on while something is disturbed, and its task succeeds without another try.
    private async Task GoesOnInItsFirstTryAsync(string run, Func<Task> disturb)
    {
        await GoesOnAsync(run, disturb);
        Assert.Equal(1, await lab.Airflow.TriesAsync(Dag, run, Emulate));
    }

    // An emulation goes on while something is disturbed, and its task succeeds with it.
    private async Task GoesOnAsync(string run, Func<Task> disturb)
    {
        Guid emulation = await DeferAsync(run, rows: 10_000);
        await disturb();
        await lab.Airflow.SucceedAsync(Dag, run);
        Assert.Equal(emulation.ToString(), await lab.Airflow.XComAsync(Dag, run, Emulate));
        Assert.Equal(("completed", 10_000), await lab.Service.StatusAsync(emulation));
    }

    // Starts an emulation at a thousand rows a second, which the triggerer follows then, after the worker did for a moment.
    private async Task<Guid> DeferAsync(string run, int rows, string dag = Dag)
    {
        await lab.StartAsync();
        await lab.Airflow.TriggerAsync(dag, run, new { rows });
        await lab.Airflow.WaitForAsync(dag, run, Emulate, "deferred");
        Guid emulation = Guid.Parse(await lab.Airflow.XComAsync(dag, run, Emulate, "emulation_id"));
        await Eventually.HoldsAsync(() => Task.FromResult(lab.Calls.Count($"GET /emulator/{emulation}/events") >= 2));
        return emulation;
    }
}
