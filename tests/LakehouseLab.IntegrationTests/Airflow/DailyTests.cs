using System.Globalization;
using System.Text.Json;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>
/// Days that are made of data intervals: on their turn, in any order, by a backfill, caught up, and again. Each test has days of its own, since the
/// lake is that of all tests; emulations that state no days have rows of January.
/// </summary>
[Collection(typeof(AirflowTests))]
public sealed class DailyTests(AirflowLab lab) : IAsyncDisposable
{
    private const string Daily = "lakehouse_lab_daily";
    private const string CatchUp = "catch_up";
    private const string Emulate = "emulate";

    public async ValueTask DisposeAsync() => await lab.CleanUpAsync(Daily, CatchUp);

    [Fact]
    public async Task Daily_DaysInAnyOrderAndTwice_AreMadeOnce()
    {
        await UnpauseAsync();
        string[] runs = ["2026-06-05", "2026-06-03"];
        foreach (string run in runs)
        {
            await lab.Airflow.TriggerAsync(Daily, run, DateOnly.Parse(run, CultureInfo.InvariantCulture));
        }

        Dictionary<DateOnly, string> made = await MadeAsync(Daily, runs);
        Assert.Equal(runs.Order(StringComparer.Ordinal), made.Keys.Order().Select(static day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

        foreach (string run in runs)
        {
            await lab.Airflow.ClearAsync(Daily, run, Emulate);
        }

        Assert.Equal(made, await MadeAsync(Daily, runs));
    }

    [Fact]
    public async Task Daily_BackfillOfTenDaysTwice_MakesEachOnce()
    {
        await UnpauseAsync();
        DateOnly first = new(2026, 5, 1);
        DateOnly last = new(2026, 5, 10);
        await lab.Airflow.BackfillAsync(Daily, first, last);
        string[] runs = [.. await lab.Airflow.RunsAsync(Daily, "run_type=backfill")];
        Dictionary<DateOnly, string> made = await MadeAsync(Daily, runs);
        Assert.Equal(Enumerable.Range(0, 10).Select(first.AddDays), made.Keys.Order());

        await lab.Airflow.BackfillAsync(Daily, first, last);
        Assert.Equal(runs.Order(StringComparer.Ordinal), (await lab.Airflow.RunsAsync(Daily, "run_type=backfill")).Order(StringComparer.Ordinal));
        Assert.Equal(made, await MadeAsync(Daily, runs));
    }

    [Fact]
    public async Task CatchUp_OfThirtyDays_MakesEachOnceWithoutGapOrOverlap()
    {
        await lab.StartAsync();
        await lab.Airflow.UnpauseAsync(CatchUp);
        Dictionary<DateOnly, string> made = await MadeAsync(CatchUp, await lab.Airflow.WaitForRunsAsync(CatchUp, 30));
        await lab.Airflow.PauseAsync(CatchUp);

        Assert.Equal(Enumerable.Range(0, 30).Select(new DateOnly(2026, 4, 1).AddDays), made.Keys.Order());
        long next = -1;
        foreach (DateOnly day in made.Keys.Order())
        {
            JsonElement progress = (await lab.Service.ShowAsync(Guid.Parse(made[day]))).GetProperty("progress");
            long first = progress.GetProperty("next_row").GetInt64() - progress.GetProperty("rows").GetInt64();
            Assert.True(next < 0 || first == next, $"{day} begins with row {first}, and the day before ends before {next}");
            next = progress.GetProperty("next_row").GetInt64();
        }

        Assert.Equal(["complete"], await lab.Service.AuditAsync("raw"));
    }

    // Airflow makes yesterday as soon as the DAG may run.
    private async Task UnpauseAsync()
    {
        await lab.StartAsync();
        await lab.Airflow.UnpauseAsync(Daily);
        await MadeAsync(Daily, await lab.Airflow.WaitForRunsAsync(Daily, 1, "run_type=scheduled"));
    }

    // The emulations that runs which succeed have made, by their days: each has the whole of one.
    private async Task<Dictionary<DateOnly, string>> MadeAsync(string dag, IEnumerable<string> runs)
    {
        Dictionary<DateOnly, string> made = [];
        foreach (string run in runs)
        {
            await lab.Airflow.SucceedAsync(dag, run);
            string id = await lab.Airflow.XComAsync(dag, run, Emulate);
            JsonElement emulation = await lab.Service.ShowAsync(Guid.Parse(id));
            DateTimeOffset from = emulation.GetProperty("from").GetDateTimeOffset();
            Assert.Equal(TimeSpan.Zero, from.TimeOfDay);
            Assert.Equal(from.AddDays(1), emulation.GetProperty("until").GetDateTimeOffset());
            made.Add(DateOnly.FromDateTime(from.UtcDateTime), id);
        }

        return made;
    }
}
