using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace LakehouseLab.Server.Jobs;

/// <summary>
/// The durable memory of jobs, in SQLite. One thread writes: what comes in while a transaction is being flushed makes up
/// the next one, so that many writers share one flush. A write has returned once it is on the disk. Thread-safe.
/// </summary>
internal sealed class JobDatabase : IAsyncDisposable
{
    private const int LayoutVersion = 1;
    private const int MostPerTransaction = 1000;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly Channel<Write> _writes = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;
    private volatile JobStoreException? _failure;

    private JobDatabase(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
        Id = (string)Scalar(connection, "SELECT id FROM origin")!;
        _writer = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Tells the database from every other one, also from one that is later made in its place.</summary>
    public string Id { get; }

    /// <summary>How SQLite flushes what it writes, as its <c>synchronous</c> says.</summary>
    internal long Synchronous => (long)Scalar(_connection, "PRAGMA synchronous")!;

    /// <summary>Why the last write failed; null when it did not.</summary>
    public JobStoreException? Failure => _failure;

    /// <summary>Opens the database, making it when there is none.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="maxPages">Pages of 4 KiB that it may grow to; null for as many as the disk holds.</param>
    /// <exception cref="JobStoreException">It cannot be opened, or a newer program made it.</exception>
    public static JobDatabase Open(string path, int? maxPages = null)
    {
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
            connection.Open();

            // Stated, so that no build of SQLite decides: every commit is flushed before it is told of, and so is the folder.
            Execute(connection, "PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL;");
            long version = (long)Scalar(connection, "PRAGMA user_version")!;
            if (version > LayoutVersion)
            {
                throw new JobStoreException($"{path}: a newer program made this job database (layout {version}, this program knows {LayoutVersion}): use that program", new InvalidDataException());
            }

            Execute(connection, $"""
                CREATE TABLE IF NOT EXISTS jobs (kind TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (kind, number)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS probe (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL);
                INSERT OR IGNORE INTO probe VALUES (1, 0);
                CREATE TABLE IF NOT EXISTS origin (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL);
                INSERT OR IGNORE INTO origin VALUES (1, lower(hex(randomblob(6))));
                PRAGMA user_version = {LayoutVersion};
                """);
            if (maxPages is { } pages)
            {
                Scalar(connection, $"PRAGMA max_page_count = {pages}");
            }

            return new JobDatabase(path, connection);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw Explain(path, exception);
        }
    }

    /// <summary>Reads the jobs of a kind by number.</summary>
    /// <exception cref="JobStoreException">The database is damaged.</exception>
    public IReadOnlyList<StoredJob> Read(string kind)
    {
        try
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = "SELECT number, id, state, record FROM jobs WHERE kind = $kind ORDER BY number";
            command.Parameters.AddWithValue("$kind", kind);
            using SqliteDataReader reader = command.ExecuteReader();
            List<StoredJob> jobs = [];
            while (reader.Read())
            {
                jobs.Add(new StoredJob(kind, reader.GetInt64(0), Guid.Parse(reader.GetString(1)), Enum.Parse<JobState>(reader.GetString(2), ignoreCase: true), reader.GetString(3)));
            }

            return jobs;
        }
        catch (Exception exception) when (exception is SqliteException or FormatException or ArgumentException)
        {
            throw Explain(_path, exception);
        }
    }

    /// <summary>Writes jobs, all or none of them. Once it has returned they are durable.</summary>
    /// <exception cref="JobStoreException">They are not written: the disk is full, or fails, or a number is another job's.</exception>
    public Task WriteAsync(params IReadOnlyList<StoredJob> jobs)
    {
        Write write = new(jobs);
        if (!_writes.Writer.TryWrite(write))
        {
            throw new JobStoreException("the job database is closed: the service is stopping", new ObjectDisposedException(nameof(JobDatabase)));
        }

        return write.Done.Task;
    }

    /// <summary>Finds out whether the database can be written to.</summary>
    /// <exception cref="JobStoreException">It cannot.</exception>
    public Task ProbeAsync() => WriteAsync();

    /// <summary>Writes what is pending and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static JobStoreException Explain(string path, Exception exception) => exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL }
        ? new JobStoreException($"the job database {path} cannot be written to: its disk is full; free space and try again", exception)
        : new JobStoreException($"the job database {path} fails: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}; check its disk and permissions", exception);

    private void WriteAll()
    {
        using JobCommands commands = new(_connection);
        List<Write> batch = [];
        while (_writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MostPerTransaction && _writes.Reader.TryRead(out Write? write))
            {
                batch.Add(write);
            }

            try
            {
                List<StoredJob?> refused = Commit(commands, batch);
                _failure = null;
                for (int i = 0; i < batch.Count; i++)
                {
                    batch[i].End(refused[i] is { } job ? Refuse(job) : null);
                }
            }
            catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
            {
                JobStoreException failure = Explain(_path, exception);
                _failure = failure;
                batch.ForEach(write => write.End(failure));
            }
        }
    }

    // What a write was refused for, write by write; the others are written all the same.
    private List<StoredJob?> Commit(JobCommands commands, List<Write> batch)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        List<StoredJob?> refused = [.. batch.Select(write => commands.Run(transaction, write.Jobs))];
        if (batch.Exists(write => write.Jobs.Count == 0))
        {
            commands.Probe(transaction);
        }

        transaction.Commit();
        return refused;
    }

    private JobStoreException Refuse(StoredJob job) => new(
        $"the job database {_path} has another {job.Kind} under number {job.Number}, which stays as it is: another service uses this database; give each lake's service a --state of its own",
        new InvalidOperationException());

    private sealed record Write(IReadOnlyList<StoredJob> Jobs)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End(JobStoreException? failure)
        {
            if (failure is null)
            {
                Done.TrySetResult();
            }
            else
            {
                Done.TrySetException(failure);
            }
        }
    }
}
