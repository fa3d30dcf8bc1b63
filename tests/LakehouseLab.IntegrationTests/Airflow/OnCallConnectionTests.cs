namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>What people on call meet when a task cannot start its emulation, as the table in docs/airflow.md tells it: a connection is wrong, or the service fails.</summary>
[Collection(typeof(AirflowTests))]
public sealed class OnCallConnectionTests(AirflowLab lab) : IAsyncDisposable
{
    private const string Dag = "on_call_elsewhere";
    private const string Emulate = "emulate";

    public async ValueTask DisposeAsync() => await lab.CleanUpAsync(Dag);

    [Fact]
    public async Task WrongToken_FailsAtOnceAndSaysSo_UntilItIsMendedAndTheTaskIsCleared()
    {
        await StartAsync("wrong-token", ("password", "another key than that of the service"));
        Assert.Equal("failed", await lab.Airflow.EndAsync(Dag, "wrong-token"));
        Assert.Equal(1, await lab.Airflow.TriesAsync(Dag, "wrong-token", Emulate));
        Assert.Contains("the token is the password of the Airflow connection", await lab.Airflow.LogAsync(Dag, "wrong-token", Emulate), StringComparison.Ordinal);

        await lab.Airflow.ConnectAsync("elsewhere", lab.Connection);
        await lab.Airflow.ClearAsync(Dag, "wrong-token", Emulate);
        await lab.Airflow.SucceedAsync(Dag, "wrong-token");
    }

    [Fact]
    public async Task WrongHost_IsTriedAgainAndNamed_UntilItIsMended()
    {
        // Nobody listens there: ports below 1024 are assigned, and this one to nothing that is used.
        await StartAsync("wrong-host", ("host", "http://127.0.0.1:1"), ("extra", /*lang=json,strict*/ """{"patience": 1}"""));
        await lab.Airflow.WaitForAsync(Dag, "wrong-host", Emulate, static task => task.GetProperty("try_number").GetInt32() > 1);
        Assert.Contains("http://127.0.0.1:1/emulator/ was not answered", await lab.Airflow.LogAsync(Dag, "wrong-host", Emulate), StringComparison.Ordinal);

        await lab.Airflow.ConnectAsync("elsewhere", lab.Connection);
        await lab.Airflow.SucceedAsync(Dag, "wrong-host");
    }

    [Fact]
    public async Task ServiceAnswering500_WhileATaskStarts_IsWaitedFor()
    {
        await lab.StartAsync();
        await lab.FailRequestsAsync(() => StartAsync("failing"), failures: 4);
        await lab.Airflow.SucceedAsync(Dag, "failing");
        Assert.Equal(1, await lab.Airflow.TriesAsync(Dag, "failing", Emulate));
    }

    // Starts a run whose connection differs in some fields from the right one.
    private async Task StartAsync(string run, params (string Field, string Value)[] wrong)
    {
        await lab.StartAsync();

        // Airflow keeps what a connection is not told anew, such as another test's patience.
        Dictionary<string, object> connection = new(lab.Connection) { ["extra"] = "{}" };
        foreach ((string field, string value) in wrong)
        {
            connection[field] = value;
        }

        await lab.Airflow.ConnectAsync("elsewhere", connection);
        await lab.Airflow.TriggerAsync(Dag, run, new { rows = 500 });
    }
}
