using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Results;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>A session's statements, whose failures are those of engines.</summary>
/// <param name="session">The session.</param>
internal sealed class SparkStatements(SparkSession session)
{
    private int _views;

    /// <summary>The session.</summary>
    public SparkSession Session => session;

    /// <summary>A name that no other temporary view of the session has.</summary>
    public string NewName(string kind) => $"{kind}_{Interlocked.Increment(ref _views)}";

    /// <summary>Runs a statement.</summary>
    /// <exception cref="EngineException">It failed.</exception>
    /// <exception cref="ModelException">Spark did not answer.</exception>
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using SparkResult result = await session.ExecuteAsync(sql, null, cancellationToken).ConfigureAwait(false);
        return result.RowCount;
    });

    /// <summary>The few rows of a query, whose columns are all text.</summary>
    /// <exception cref="EngineException">It failed.</exception>
    /// <exception cref="ModelException">Spark did not answer.</exception>
    public Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(string query, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using SparkResult result = await session.QueryAsync(query, null, cancellationToken).ConfigureAwait(false);
        int columns = result.Schema.FieldsList.Count;
        return (IReadOnlyList<IReadOnlyList<string?>>)[.. result.Rows.Select(row => (IReadOnlyList<string?>)[.. Enumerable.Range(0, columns).Select(column => (string?)row[column])])];
    });

    /// <summary>A relation's columns; nothing of it is run.</summary>
    /// <exception cref="EngineException">The query is wrong.</exception>
    /// <exception cref="ModelException">Spark did not answer.</exception>
    public Task<IReadOnlyList<string>> DescribeAsync(SparkRelation relation, CancellationToken cancellationToken) => GuardAsync(async () =>
        (IReadOnlyList<string>)[.. (await session.DescribeAsync(relation, cancellationToken).ConfigureAwait(false)).Select(static column => column.Name)]);

    /// <summary>Makes a temporary view.</summary>
    /// <exception cref="EngineException">The relation is wrong.</exception>
    /// <exception cref="ModelException">Spark did not answer.</exception>
    public Task CreateViewAsync(string name, SparkRelation relation, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await session.CreateViewAsync(name, relation, cancellationToken).ConfigureAwait(false);
        return name;
    });

    /// <summary>Writes a relation's rows.</summary>
    /// <exception cref="EngineException">It failed.</exception>
    /// <exception cref="ModelException">Spark did not answer.</exception>
    public Task WriteAsync(SparkRelation rows, SparkWrite write, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await session.WriteAsync(rows, write, null, cancellationToken).ConfigureAwait(false);
        return write.Path;
    });

    /// <summary>Sends a file to the session's executors.</summary>
    /// <exception cref="ModelException">Spark did not take it.</exception>
    public Task AddArtifactAsync(string name, Stream content, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await session.AddArtifactAsync(name, content, cancellationToken).ConfigureAwait(false);
        return name;
    });

    /// <summary>Drops cached views, which hold memory, as far as the session still works. Other views cost nothing and end with the session.</summary>
    public async Task DropAsync(IEnumerable<string> views)
    {
        try
        {
            foreach (string view in views)
            {
                await ExecuteAsync($"DROP VIEW IF EXISTS {view}", CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (ModelException)
        {
            // They end with the session; what it failed at is what to tell.
        }
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (SparkException exception)
        {
            throw SparkFailure.Of(exception);
        }
    }
}
