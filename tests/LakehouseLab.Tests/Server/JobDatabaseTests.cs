using System.Collections.Concurrent;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Jobs;
using Microsoft.Data.Sqlite;

namespace LakehouseLab.Tests.Server;

/// <summary>What the job database has said it has written is there.</summary>
public sealed class JobDatabaseTests
{
    private const string Kind = "emulation";

    [Fact]
    public async Task Write_ManyAtOnce_AreThereAfterReopening()
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("service.db");
        StoredJob[] jobs = [.. Enumerable.Range(1, 500).Select(number => Job(number))];
        await using (JobDatabase database = JobDatabase.Open(path))
        {
            await Task.WhenAll(jobs.Select(job => database.WriteAsync(job)));
            await database.WriteAsync(jobs[0] with { State = JobState.Running, Record = "{\"n\":1}" }, jobs[1] with { Record = null });
        }

        await using JobDatabase reopened = JobDatabase.Open(path);
        IReadOnlyList<StoredJob> read = reopened.Read(Kind);
        Assert.Equal(499, read.Count);
        Assert.Equal((JobState.Running, "{\"n\":1}", jobs[0].Id), (read[0].State, read[0].Record, read[0].Id));
        Assert.Equal(jobs[2..], read.Skip(1));
        Assert.Empty(reopened.Read("audit"));
    }

    [Fact]
    public async Task Write_ANumberThatIsAnothers_IsRefusedWithItsWriteAlone()
    {
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));
        await database.WriteAsync(Job(1));
        StoredJob other = Job(1) with { Id = Guid.Empty, Record = "{\"other\":1}" };

        Task[] writes = [database.WriteAsync(Job(2)), database.WriteAsync(Job(3), other), database.WriteAsync(Job(4))];

        Assert.Contains("another emulation under number 1", (await Assert.ThrowsAsync<JobStoreException>(() => writes[1])).Message, StringComparison.Ordinal);
        await Task.WhenAll(writes[0], writes[2]);
        Assert.Equal([Job(1), Job(2), Job(4)], database.Read(Kind));
        Assert.Null(database.Failure);
    }

    [Fact]
    public void NextNumber_WhileOthersAreAdded_IsNeverGivenTwice()
    {
        EmulationRegistry registry = new("a");
        ConcurrentBag<long> numbers = [];

        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, _ =>
        {
            EmulationRecord record = EmulationTurnTests.NewRecord(registry.NextNumber());
            numbers.Add(record.Number);
            registry.Add(new EmulationJob(record, TimeProvider.System));
        });

        Assert.Equal(20_000, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Open_AnyBuildOfSqlite_FlushesEveryCommit()
    {
        const long Extra = 3;
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));

        Assert.Equal(Extra, database.Synchronous);
    }

    [Fact]
    public async Task Write_DiskFull_SaysSoAndKeepsWhatWasThere()
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("service.db");
        int written = 0;
        await using (JobDatabase database = JobDatabase.Open(path, maxPages: 40))
        {
            JobStoreException failure = await Assert.ThrowsAsync<JobStoreException>(async () =>
            {
                while (true)
                {
                    await database.WriteAsync(Job(written + 1) with { Record = new string('x', 2000) });
                    written++;
                }
            });
            Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
            Assert.Equal(failure.Message, database.Failure?.Message);

            // Room that is made is used again.
            await database.WriteAsync([.. Enumerable.Range(1, 10).Select(number => Job(number) with { Record = null })]);
            await database.WriteAsync(Job(1000));
            Assert.Null(database.Failure);
        }

        await using JobDatabase reopened = JobDatabase.Open(path);
        Assert.Equal([.. Enumerable.Range(11, written - 10), 1000], reopened.Read(Kind).Select(job => (int)job.Number));
    }

    [Fact]
    public async Task Open_OfANewerProgram_IsRefused()
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("service.db");
        await JobDatabase.Open(path).DisposeAsync();
        using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.Contains("newer program", Assert.Throws<JobStoreException>(() => JobDatabase.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoDatabase_IsRefused()
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("service.db");
        await File.WriteAllTextAsync(path, new string('x', 5000), TestContext.Current.CancellationToken);

        Assert.Contains("service.db fails", Assert.Throws<JobStoreException>(() => JobDatabase.Open(path)).Message, StringComparison.Ordinal);
    }

    private static StoredJob Job(int number) => new(Kind, number, new Guid(number, 0, 0, new byte[8]), JobState.Scheduled, "{}");
}
