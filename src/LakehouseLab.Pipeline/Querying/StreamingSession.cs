using DuckDB.NET.Native;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>
/// An in-memory database with one connection, by the engine's C interface: the ADO.NET reader takes an error in the middle
/// of a streamed result for its end.
/// </summary>
internal sealed class StreamingSession : IDisposable
{
    private readonly DuckDBDatabase _database;
    private readonly DuckDBNativeConnection _connection;

    private StreamingSession(DuckDBDatabase database, DuckDBNativeConnection connection)
    {
        _database = database;
        _connection = connection;
    }

    /// <summary>Opens a database.</summary>
    public static StreamingSession Open() =>
        NativeMethods.Startup.DuckDBOpen(null, out DuckDBDatabase database) == DuckDBState.Success
            && NativeMethods.Startup.DuckDBConnect(database, out DuckDBNativeConnection connection) == DuckDBState.Success
            ? new StreamingSession(database, connection)
            : throw new DuckDbException("Out of Memory: an in-memory database could not be opened");

    /// <summary>Runs statements.</summary>
    /// <exception cref="DuckDbException">One fails.</exception>
    public void Execute(string sql)
    {
        DuckDBState state = NativeMethods.Query.DuckDBQuery(_connection, sql, out DuckDBResult result);
        string? error = state == DuckDBState.Success ? null : NativeMethods.Query.DuckDBResultError(ref result);
        result.Close();
        if (error is not null)
        {
            throw new DuckDbException(error);
        }
    }

    /// <summary>Runs a statement whose rows are made as they are read.</summary>
    /// <exception cref="DuckDbException">It fails.</exception>
    public QueryResult Stream(string sql, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration interruption = cancellationToken.Register(_connection.Interrupt);
        DuckDBState prepared = NativeMethods.PreparedStatements.DuckDBPrepare(_connection, sql, out DuckDBPreparedStatement statement);
        try
        {
            if (prepared != DuckDBState.Success)
            {
                throw new DuckDbException(NativeMethods.PreparedStatements.DuckDBPrepareError(statement));
            }

            if (NativeMethods.PreparedStatements.DuckDBParams(statement) > 0)
            {
                throw new DuckDbException("the query has parameters: write their values");
            }

            DuckDBState executed = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out DuckDBResult result);
            if (executed != DuckDBState.Success)
            {
                string error = NativeMethods.Query.DuckDBResultError(ref result);
                result.Close();
                throw new DuckDbException(error);
            }

            return new QueryResult(result, interruption);
        }
        catch (DuckDbException)
        {
            interruption.Dispose();
            throw;
        }
        finally
        {
            statement.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }
}
