using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// An embedded DuckDB without tables of its own: bounded in memory, in UTC, and closed to extensions from outside. Not
/// thread-safe.
/// </summary>
internal sealed partial class DuckDbSession : IDisposable
{
    // How the engine begins its messages about values.
    private static readonly string[] s_ofValues = ["Conversion Error: ", "Out of Range Error: ", "Invalid Input Error: "];

    private readonly DuckDBConnection _connection;

    /// <summary>Opens a session.</summary>
    /// <param name="options">What it may take of the machine.</param>
    /// <param name="spillFolder">Folder for what does not fit into memory.</param>
    public DuckDbSession(DuckDbOptions options, string spillFolder)
    {
        _connection = new DuckDBConnection("DataSource=:memory:");
        _connection.Open();
        foreach (string statement in Settings(options, spillFolder).Concat(DialectMacros.All))
        {
            Execute(statement);
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <exception cref="EngineException">It failed.</exception>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        await RunAsync(sql, static command => command.ExecuteNonQuery(), cancellationToken).ConfigureAwait(false);

    /// <summary>Runs a query and reads its rows.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="read">Makes a value of the reader's present row.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="EngineException">It failed.</exception>
    public Task<List<T>> QueryAsync<T>(string sql, Func<DuckDBDataReader, T> read, CancellationToken cancellationToken) =>
        RunAsync(
            sql,
            command =>
            {
                using DuckDBDataReader reader = command.ExecuteReader();
                List<T> rows = [];
                while (reader.Read())
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellationToken);

    /// <summary>Runs a query that counts.</summary>
    /// <exception cref="EngineException">It failed.</exception>
    public async Task<long> CountAsync(string sql, CancellationToken cancellationToken) =>
        (await QueryAsync(sql, static reader => reader.IsDBNull(0) ? 0 : Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Drops a temporary table, as far as the database still works.</summary>
    public void Drop(string table)
    {
        try
        {
            Execute($"DROP TABLE IF EXISTS {table}");
        }
        catch (DuckDBException)
        {
            // A database that failed as a whole ends with its engine; what it failed at is what to tell.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static IEnumerable<string> Settings(DuckDbOptions options, string spillFolder) =>
    [
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{options.MemoryLimit >> 10}KiB'"),
        string.Create(CultureInfo.InvariantCulture, $"SET threads = {options.Threads}"),
        $"SET temp_directory = {SqlText.Literal(spillFolder)}",
        "SET TimeZone = 'UTC'",
        "SET default_null_order = 'nulls_first_on_asc_last_on_desc'",
        "SET preserve_insertion_order = true",
        "SET enable_progress_bar = false",
    ];

    private void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // DuckDB works synchronously; its interrupt ends a statement within milliseconds.
    private Task<T> RunAsync<T>(string sql, Func<DuckDBCommand, T> run, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using DuckDBCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            using CancellationTokenRegistration registration = cancellationToken.Register(command.Cancel);
            try
            {
                return run(command);
            }
            catch (Exception exception) when (exception is DuckDBException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw Failure(FirstLine(exception.Message), exception);
            }
        },
        cancellationToken);

    private static EngineException Failure(string message, Exception cause) => new(message, cause)
    {
        Reason = message.IndexOf(": ", StringComparison.Ordinal) is var end and > 0 && message[..end].EndsWith(" Error", StringComparison.Ordinal) ? message[(end + 2)..] : message,
        IsOfValue = cause is DuckDBException && s_ofValues.Any(kind => message.StartsWith(kind, StringComparison.Ordinal)),
        Line = LineOfMistake().Match(cause.Message) is { Success: true } line && int.TryParse(line.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null,
    };

    [GeneratedRegex("^LINE ([0-9]+):", RegexOptions.Multiline)]
    private static partial Regex LineOfMistake();

    private static string FirstLine(string message) =>
        message.Contains("No space left on device", StringComparison.Ordinal) ? "the disk is full: free space and run the same command again"
        : message.StartsWith("Out of Memory", StringComparison.Ordinal) ? "more memory or temporary disk is needed than it may take: raise --memory-limit, or free space, and run the same command again"
        : message.Split('\n')[0].Trim();
}
