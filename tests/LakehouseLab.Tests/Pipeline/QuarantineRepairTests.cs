using System.Text;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Repair;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World.Requests;
using static LakehouseLab.Tests.Pipeline.RepairedLake;

namespace LakehouseLab.Tests.Pipeline;

public sealed class QuarantineRepairTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReplayAsync_RepairedRecord_IsTakenAndTheOriginalStays()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await PutAsync(lake, "a", Line(1), "garbage", Line(3, "-5"));
        await RunAsync(lake);
        QuarantinedRecord garbage = Assert.Single(await ListAsync(lake), record => record.Payload == "garbage");

        ReplayOutcome replay = await ReplayAsync(lake, garbage.Id, Line(2) + "\n");
        Assert.Equal(("bronze.transactions", $"quarantine/{garbage.Id}", 1L, false), (replay.Table, replay.Source, replay.Batch, replay.IsKnown));
        ModelOutcome silver = await RunAsync(lake);
        Assert.Equal((1L, 1L, 0L, 0L), (silver.RowsIn, silver.RowsOut, silver.Quarantined, silver.Duplicates));

        List<string> rows = await RowsAsync(lake, folder);
        Assert.Contains($"002 | 12.5000 | Oak | quarantine/{garbage.Id} | 0", rows);
        Assert.Equal(2, rows.Count(row => row.EndsWith("a.json | 1", StringComparison.Ordinal) || row.EndsWith("a.json | 2", StringComparison.Ordinal)));
        await RunAsync(lake, full: true);
        Assert.Equal(rows, await RowsAsync(lake, folder));
        Assert.Equal([new RepairedRecord(replay.Source, 1)], Assert.Single(await ListAsync(lake), record => record.Id == garbage.Id).Replays);
    }

    [Fact]
    public async Task ReplayAsync_SamePayloadAgain_IsHarmlessAndAnotherIsAFurtherRecord()
    {
        using TemporaryFolder folder = new();
        (Lake lake, string id) = await RefusedAsync(folder);
        await ReplayAsync(lake, id, Line(1));

        Assert.True((await ReplayAsync(lake, id[..8], Line(1))).IsKnown);
        ReplayOutcome other = await ReplayAsync(lake, id, Line(1, "99"));
        Assert.Equal(($"quarantine/{id}#2", 2L, false), (other.Source, other.Batch, other.IsKnown));
        Assert.Equal($"quarantine/{id}", (await ReplayAsync(lake, id, Line(1))).Source);

        ModelOutcome silver = await RunAsync(lake);
        Assert.Equal((2L, 1L, 1L), (silver.RowsIn, silver.RowsOut, silver.Quarantined));
        QuarantinedRecord conflict = Assert.Single(await ListAsync(lake), record => record.Id != id);
        Assert.Equal(($"quarantine/{id}#2", "conflict with an earlier record of the same key"), (conflict.Source, conflict.Reason));
    }

    [Fact]
    public async Task ReplayAsync_KilledAtAnyWrite_IsFinishedByTheNextRunOrReplay()
    {
        const int Deaths = 4;
        List<string>? expected = null;
        int alive = 0;
        for (int death = 0; death <= Deaths; death++)
        {
            for (int way = 0; way < 2; way++)
            {
                using TemporaryFolder folder = new();
                Lake lake = await Lake.OpenAsync(folder.Path, s_token);
                await PutAsync(lake, "a", Line(1), "garbage");
                await RunAsync(lake);
                string id = Assert.Single(await ListAsync(lake)).Id;
                try
                {
                    int writes = death;
                    await ReplayAsync(lake.Through(store => new FailingStore(store, writes)), id, Line(2));
                    alive++;
                }
                catch (Exception exception) when (exception is not InvalidRequestException)
                {
                    Assert.Contains("dead", exception.ToString(), StringComparison.Ordinal);
                }

                // Before its record there is nothing to finish.
                if (way == 0 || death == 0)
                {
                    await ReplayAsync(lake, id, Line(2));
                }

                await RunAsync(lake);
                List<string> rows = await RowsAsync(lake, folder);
                expected ??= rows;
                Assert.Equal(expected, rows);
            }
        }

        Assert.InRange(alive, 2, 2 * Deaths);
    }

    [Fact]
    public async Task ReplayAsync_BronzeOfAnotherEngine_IsRefused()
    {
        using TemporaryFolder folder = new();
        (Lake lake, string id) = await RefusedAsync(folder);
        string commit = folder.Combine("bronze/transactions/_delta_log/00000000000000000000.json");
        string text = await File.ReadAllTextAsync(commit, s_token);
        await File.WriteAllTextAsync(commit, text.Replace($"\"{WritingEngine.Property}\":\"lakelab\"", $"\"{WritingEngine.Property}\":\"spark\"", StringComparison.Ordinal), s_token);

        Assert.Contains("'spark'", (await Assert.ThrowsAsync<InvalidRequestException>(() => ReplayAsync(lake, id, Line(1)))).Message, StringComparison.Ordinal);
        Assert.Equal(1, (await new DeltaTable(lake.Store, "bronze/transactions").GetSnapshotAsync(s_token)).Version);
    }

    [Theory]
    [InlineData("{}", "transaction_id: absent")]
    [InlineData("garbage", "not one JSON object")]
    [InlineData("", "not one JSON object")]
    public async Task ReplayAsync_PayloadThatWouldBeRefused_IsRefused(string payload, string reason)
    {
        using TemporaryFolder folder = new();
        (Lake lake, string id) = await RefusedAsync(folder);
        Assert.Contains(reason, (await Assert.ThrowsAsync<InvalidRequestException>(() => ReplayAsync(lake, id, payload))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Combine("_lakelab/progress/bronze.transactions/000000000001.json")));
    }

    [Theory]
    [InlineData("xyzw0000", "not the id")]
    [InlineData("abc", "not the id")]
    [InlineData("0123456789abcdef0123456789abcdef0", "not the id")]
    [InlineData("0123456789abcdef0123456789abcdef", "has no record")]
    public async Task ShowAsync_NoSuchId_IsRefused(string id, string message)
    {
        using TemporaryFolder folder = new();
        (Lake lake, _) = await RefusedAsync(folder);
        Assert.Contains(message, (await Assert.ThrowsAsync<InvalidRequestException>(() => new QuarantineRepair(lake, ModelCatalog.BuiltIn).ShowAsync(id, s_token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowAsync_AnyReason_TellsWhatWouldBeAccepted()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await PutAsync(lake, "a", Line(1), Line(1, "2"), Line(2, "-5"), Line(3, "12.34567"), "garbage");
        await RunAsync(lake);
        Dictionary<long, QuarantinedDetails> shown = [];
        foreach (QuarantinedRecord record in await ListAsync(lake))
        {
            shown.Add(record.Offset, await new QuarantineRepair(lake, ModelCatalog.BuiltIn).ShowAsync(record.Id, s_token));
        }

        Assert.Contains("another transaction_id", shown[1].Expected, StringComparison.Ordinal);
        Assert.Equal("amount >= 0", shown[2].Expected);
        Assert.StartsWith("amount: a number of at most 15 digits, 4 of them decimals", shown[3].Expected, StringComparison.Ordinal);
        Assert.Contains("one JSON object in UTF-8 with transaction_id", shown[4].Expected, StringComparison.Ordinal);
        Assert.Equal("raw/transaction/a.json line 5", shown[4].Place);
    }

    [Fact]
    public async Task ReplayAsync_TableOfAProject_IsKnownByItsModelAndWithoutItNamed()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Combine("lake"), s_token);
        TableName own = new("silver", "payments");
        using StreamReader builtIn = new(typeof(ModelCatalog).Assembly.GetManifestResourceStream("models.silver.transactions.sql")!);
        string text = await builtIn.ReadToEndAsync(s_token);
        ModelCatalog catalog = ModelCatalog.BuiltIn.With([ModelFile.Parse(own, text.Replace("amount >= 0", "amount >= 100", StringComparison.Ordinal)) with { Origin = "shop/models/silver/payments.sql" }]);
        await PutAsync(lake, "a", Line(1, "99"));
        Assert.Empty((await PipelineRun.RunAsync(lake, new PipelineRequest { Catalog = catalog, Select = "silver.payments" }, TimeProvider.System, null, s_token)).Failures);

        QuarantineRepair repair = new(lake, catalog);
        QuarantinedRecord record = Assert.Single((await repair.ListAsync(new QuarantineFilter { Table = "silver.payments" }, s_token)).Records);
        Assert.Equal(("silver.payments", "amount >= 100"), (record.Table, (await repair.ShowAsync(record.Id, s_token)).Expected));
        ReplayOutcome replay = await repair.ReplayAsync(record.Id, Encoding.UTF8.GetBytes(Line(1, "100")), null, TimeProvider.System, s_token);
        Assert.Equal([new RepairedRecord(replay.Source, replay.Batch)], Assert.Single((await repair.ListAsync(new QuarantineFilter(), s_token)).Records).Replays);

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => new QuarantineRepair(lake, ModelCatalog.BuiltIn).ShowAsync(record.Id, s_token));
        Assert.Equal($"silver.payments, which refused record {record.Id}, has no model here: name the folder of its models with --models", refusal.Message);
    }

    [Fact]
    public async Task ListAsync_Filters_ChooseAndCount()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        Assert.Equal(0, (await new QuarantineRepair(lake, ModelCatalog.BuiltIn).ListAsync(new QuarantineFilter(), s_token)).Total);
        await PutAsync(lake, "a", "garbage", "rubbish", Line(1, "-1"));
        await RunAsync(lake);
        await lake.Store.PutAsync("raw/transaction/b.json", Encoding.Latin1.GetBytes("\u00ff"), s_token);
        await RunAsync(lake);

        Assert.Equal([4L, 2L, 4L, 0L], await CountAsync(new QuarantineFilter(), new QuarantineFilter { Reason = "NOT ONE" }, new QuarantineFilter { Table = "silver.transactions" }, new QuarantineFilter { Table = "silver.device_logs" }));
        QuarantineListing last = await new QuarantineRepair(lake, ModelCatalog.BuiltIn).ListAsync(new QuarantineFilter { Limit = 1 }, s_token);
        Assert.Equal((4, "not UTF-8"), (last.Total, Assert.Single(last.Records).Reason));
        Assert.Null(last.Records[0].Payload);
        Assert.Equal([0xff], last.Records[0].PayloadBytes!);
        Assert.Equal([1L, 0L], await CountAsync(new QuarantineFilter { Since = last.Records[0].IngestedAt }, new QuarantineFilter { Since = last.Records[0].IngestedAt.AddMilliseconds(1) }));
        await Assert.ThrowsAsync<InvalidRequestException>(() => new QuarantineRepair(lake, ModelCatalog.BuiltIn).ListAsync(new QuarantineFilter { Table = "gold.daily_spend" }, s_token));

        async Task<List<long>> CountAsync(params QuarantineFilter[] filters)
        {
            List<long> counts = [];
            foreach (QuarantineFilter filter in filters)
            {
                counts.Add((await new QuarantineRepair(lake, ModelCatalog.BuiltIn).ListAsync(filter, s_token)).Total);
            }

            return counts;
        }
    }
}
