namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>A stream of Spark ingests topics into Bronze as the embedded one does: each record once, whatever is killed, and the audit finds nothing.</summary>
public sealed class SparkStreamTests
{
    public SparkStreamTests() => SparkTrials.Require();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_ThreeDomainsWithHostileMessages_MakesTheTablesOfTheEmbeddedStream()
    {
        using StreamScene scene = await StreamScene.CreateAsync();
        await scene.SucceedAsync("emulate", "all", "--rows", "12k", "--users", "500", "--sync", "kafka", "--kafka-partitions", "2", "--kafka-replication", "1");
        scene.SendOthers();
        await scene.SucceedAsync("pipeline", "stream", "--once", "--source", "kafka", "--lake", scene.Twin());
        await scene.StreamAsync();
        foreach (string table in new[] { "user_profiles", "transactions", "device_logs" })
        {
            await scene.AssertSameAsync($"bronze/{table}", "* EXCLUDE (_batch, _ingested_at)");
        }

        foreach (string table in TwinLakes.Tables)
        {
            await scene.AssertSameAsync(table, table switch
            {
                "silver/quarantine" => "* EXCLUDE (id, _batch, _ingested_at)",
                "silver/transactions" or "silver/device_logs" or "silver/user_profiles_history" => "* EXCLUDE (_batch, _ingested_at)",
                _ => "*",
            });
        }

        await scene.AssertAuditAsync();
    }

    [Fact]
    public async Task Stream_KilledAgainAndAgain_IngestsEachRecordOnce()
    {
        using StreamScene scene = await StreamScene.CreateAsync();
        await scene.SucceedAsync("emulate", "transaction", "--rows", "30k", "--sync", "kafka", "--topic", scene.Topic);
        foreach (int commits in new[] { 1, 2 })
        {
            using LakelabProcess victim = scene.Start("--batch-rows", "4k");
            int before = scene.Commits();
            while (scene.Commits() < before + commits && !victim.HasExited)
            {
                await Task.Delay(5, Cancellation);
            }

            await victim.KillAsync();
        }

        await scene.StreamAsync("--batch-rows", "4k");
        await scene.AssertAuditAsync();
        Assert.Equal(30_000, await scene.CountAsync("silver/transactions"));
    }

    [Fact]
    public async Task Stream_CheckpointBehindTheTable_SkipsWhatIsCommitted()
    {
        using StreamScene scene = await StreamScene.CreateAsync();
        await scene.SucceedAsync("emulate", "transaction", "--rows", "4k", "--sync", "kafka", "--topic", scene.Topic);
        await scene.StreamAsync();

        // As a driver leaves it that is killed between Delta's commit and the checkpoint's.
        string commits = Path.Combine(scene.Checkpoint(), "commits");
        Directory.GetFiles(commits).ToList().ForEach(File.Delete);

        await scene.SucceedAsync("emulate", "transaction", "--first-row", "next", "--rows", "1k", "--sync", "kafka", "--topic", scene.Topic);
        await scene.StreamAsync();
        await scene.AssertAuditAsync();
        Assert.Equal(5_000, await scene.CountAsync("bronze/transactions"));
    }

    [Fact]
    public async Task Stream_TableOfTheEmbeddedEngine_IsTakenOverWhereThatEndedAndThenRefusedToIt()
    {
        using StreamScene scene = await StreamScene.CreateAsync();
        await scene.SucceedAsync("emulate", "transaction", "--rows", "3k", "--sync", "kafka", "--topic", scene.Topic);
        await scene.SucceedAsync("pipeline", "run");
        await scene.SucceedAsync("emulate", "transaction", "--first-row", "next", "--rows", "2k", "--sync", "kafka", "--topic", scene.Topic);
        (int code, _, string words) = await scene.RunStreamAsync();
        Assert.True(code != 0 && words.Contains("give the table to Spark's stream with --take-over", StringComparison.Ordinal), words);
        await scene.StreamAsync("--take-over");
        await scene.AssertAuditAsync();
        await scene.SucceedAsync("emulate", "transaction", "--first-row", "next", "--rows", "1k", "--sync", "kafka", "--topic", scene.Topic);
        (code, _, words) = await scene.RunAsync("pipeline", "run");
        Assert.True(code != 0 && words.Contains("is written by a stream of Spark, which alone ingests into it", StringComparison.Ordinal), words);
        Assert.Contains("behind", await scene.AuditAsync(), StringComparison.Ordinal);

        // The checkpoint is lost: nothing is ingested twice, neither by itself nor with the remedy.
        Directory.Delete(scene.Checkpoint(), recursive: true);
        (code, _, words) = await scene.RunStreamAsync();
        Assert.True(code != 0 && words.Contains("the checkpoint is gone though bronze.transactions has what its stream wrote", StringComparison.Ordinal), words);
        await scene.StreamAsync("--take-over");
        await scene.AssertAuditAsync();

        Assert.Equal(6_000, await scene.CountAsync("bronze/transactions"));
    }

    [Fact]
    public async Task Stream_OffsetsThatRetentionDeleted_AreRefusedAndGivenUpWhenAccepted()
    {
        using StreamScene scene = await StreamScene.CreateAsync();
        await scene.EmulateAsync(2_000);
        await scene.StreamAsync();
        await scene.EmulateAsync(1_000);
        await scene.DeleteRecordsAsync(leaving: 400);
        (int code, _, string words) = await scene.RunStreamAsync();
        Assert.True(code != 0 && words.Contains($"{scene.Topic}-0 no longer has records", StringComparison.Ordinal) && words.Contains("--accept-lost-offsets", StringComparison.Ordinal), words);
        Assert.Equal(2_000, await scene.CountAsync("bronze/transactions"));

        await scene.StreamAsync("--accept-lost-offsets");
        long kept = await scene.CountAsync("bronze/transactions");
        Assert.InRange(kept, 2_001, 2_999);
        await scene.EmulateAsync(500);
        await scene.StreamAsync();
        Assert.Equal(kept + 500, await scene.CountAsync("bronze/transactions"));
        Assert.Equal(kept + 500, await scene.CountAsync("silver/transactions"));
    }

    [Fact]
    public async Task Stream_TopicThatWasRecreated_IsRefusedAndTakenFromItsBeginningWhenAccepted()
    {
        using StreamScene scene = await StreamScene.CreateAsync();
        await scene.EmulateAsync(2_000);
        await scene.StreamAsync();
        await scene.RecreateTopicAsync();
        await scene.EmulateAsync(3_000);
        (int code, _, string words) = await scene.RunStreamAsync();
        Assert.True(code != 0 && words.Contains("was deleted and recreated", StringComparison.Ordinal) && words.Contains("--accept-lost-offsets", StringComparison.Ordinal), words);
        Assert.Equal(2_000, await scene.CountAsync("bronze/transactions"));

        await scene.StreamAsync("--accept-lost-offsets");
        Assert.Equal(5_000, await scene.CountAsync("bronze/transactions"));
        Assert.Equal(5_000, await scene.CountAsync("silver/transactions"));
    }

    [Fact]
    public async Task Stream_KafkaThatSparkDoesNotReach_IsNamedWithItsRemedy()
    {
        using StreamScene scene = await StreamScene.CreateAsync();
        await scene.SucceedAsync("emulate", "transaction", "--rows", "100", "--sync", "kafka", "--topic", scene.Topic);
        (int code, _, string words) = await scene.RunStreamAsync("--spark-kafka", "localhost:1");
        Assert.True(code != 0 && words.Contains("Spark cannot reach Kafka at localhost:1", StringComparison.Ordinal), words);
    }
}
