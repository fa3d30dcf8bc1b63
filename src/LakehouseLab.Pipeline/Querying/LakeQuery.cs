using System.Globalization;
using System.Security.Cryptography;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>
/// SQL over Delta tables: a query names tables of a lake as <c>silver.transactions</c> and others as <c>delta('folder')</c> or <c>delta('s3://bucket/table')</c>,
/// with <c>version => 3</c> or <c>timestamp => '…'</c> for an older version. The engine sees the files of those tables and
/// nothing else of the machine, and what it cannot hold in memory it spills.
/// </summary>
public sealed class LakeQuery : IDisposable
{
    private const long LeastMemory = 256L << 20;

    private readonly Lake _lake;
    private readonly int _threads;
    private readonly StreamingSession _session;
    private readonly LocalLease _lease = new();
    private readonly string _spillFolder = Path.Combine(Path.GetTempPath(), $"lakelab-query-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");

    /// <summary>Opens a session; it runs one query.</summary>
    /// <param name="lake">The lake of the tables that are named without a folder.</param>
    /// <param name="threads">How many threads work on it.</param>
    public LakeQuery(Lake lake, int threads)
    {
        _lake = lake;
        _threads = threads;
        _session = StreamingSession.Open();
    }

    /// <summary>Runs a query.</summary>
    /// <param name="sql">One statement that only reads.</param>
    /// <param name="cancellationToken">Interrupts the query, also while its rows are read.</param>
    /// <returns>Its rows, which are made as they are read. Valid as long as this session.</returns>
    /// <exception cref="InvalidRequestException">The query is wrong, or names a table that is not there.</exception>
    /// <exception cref="DeltaException">A table cannot be read.</exception>
    public async Task<QueryResult> RunAsync(string sql, CancellationToken cancellationToken)
    {
        IReadOnlyList<SqlToken> tokens = SqlTokenizer.Tokenize(sql);
        SelectOnly.Check(tokens);
        TableReferences references = TableReferences.Find(sql, tokens);
        Configure();
        List<string> files = [];
        List<TableName> missing = [];
        foreach (TableName name in references.Tables)
        {
            DeltaTable table = new LakeTables(_lake).Open(name);
            Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
            if (snapshot is null)
            {
                missing.Add(name);
            }
            else
            {
                files.AddRange(await CreateViewAsync(name.Layer, name.Name, table, snapshot, cancellationToken).ConfigureAwait(false));
            }
        }

        if (references.ListsTables)
        {
            await ListAllAsync(references.Tables, cancellationToken).ConfigureAwait(false);
        }

        foreach (PathReference reference in references.Paths)
        {
            DeltaTable table = new(Open(reference.Path), string.Empty);
            Snapshot snapshot = reference.Timestamp is { } timestamp
                ? await table.GetSnapshotAsync(timestamp, cancellationToken).ConfigureAwait(false)
                : await table.GetSnapshotAsync(reference.Version, cancellationToken).ConfigureAwait(false);
            files.AddRange(await CreateViewAsync(reference.Schema, TableReferences.Relation, table, snapshot, cancellationToken).ConfigureAwait(false));
        }

        LockDown(files);
        return await ExecuteAsync(references.Sql, missing, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _lease.Dispose();
        if (Directory.Exists(_spillFolder))
        {
            Directory.Delete(_spillFolder, recursive: true);
        }
    }

    private void Configure()
    {
        long memory = Math.Max(LeastMemory, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        _session.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET allow_community_extensions = false;
            SET TimeZone = 'UTC';
            SET threads = {_threads};
            SET memory_limit = '{memory} B';
            SET temp_directory = {SqlText.Literal(_spillFolder)};
            SET enable_external_file_cache = false;
            """));
        foreach (string macro in DialectMacros.All.Append(SumGuard.Macro))
        {
            _session.Execute(macro);
        }
    }

    private static IObjectStore Open(string path)
    {
        try
        {
            return ObjectStores.Open(path);
        }
        catch (StorageLocationException exception)
        {
            throw new InvalidRequestException($"SQL: delta: {exception.Message}", exception);
        }
    }

    private async Task<IReadOnlyList<string>> CreateViewAsync(string schema, string name, DeltaTable table, Snapshot snapshot, CancellationToken cancellationToken)
    {
        DeltaRelation relation = await DeltaRelation.OfAsync(table, snapshot, _lease, cancellationToken).ConfigureAwait(false);
        CreateView(schema, name, table, relation);
        return relation.Files;
    }

    private void CreateView(string schema, string name, DeltaTable table, DeltaRelation relation)
    {
        try
        {
            _session.Execute($"CREATE SCHEMA IF NOT EXISTS {SqlText.Quote(schema)}; CREATE VIEW {SqlText.Quote(schema)}.{SqlText.Quote(name)} AS {relation.Sql}");
        }
        catch (DuckDbException exception)
        {
            throw new DeltaException($"{table.Location} cannot be read: {exception.Line}", exception);
        }
    }

    // The engine's lists of tables show them all: those that the query does not read are there without their files.
    private async Task ListAllAsync(IReadOnlyList<TableName> read, CancellationToken cancellationToken)
    {
        LakeTables tables = new(_lake);
        foreach (TableName name in (await tables.ListAsync(cancellationToken).ConfigureAwait(false)).Except(read))
        {
            try
            {
                DeltaTable table = tables.Open(name);
                Snapshot snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
                DeltaRelation empty = await DeltaRelation.OfAsync(table, snapshot, [], _lease, cancellationToken).ConfigureAwait(false);
                CreateView(name.Layer, name.Name, table, empty);
            }
            catch (DeltaException)
            {
                // One that cannot be read has no columns to list, and hides no other: lakelab tables tells of it.
            }
        }
    }

    // From here on the engine opens the tables' files and its own spilled ones, and nothing can be set otherwise.
    private void LockDown(List<string> files) => _session.Execute($"""
        SET allowed_paths = [{string.Join(", ", files.Distinct().Select(SqlText.Literal))}];
        SET enable_external_access = false;
        SET lock_configuration = true;
        """);

    private async Task<QueryResult> ExecuteAsync(string sql, List<TableName> missing, CancellationToken cancellationToken)
    {
        try
        {
            return _session.Stream(SumGuard.Apply(_session, sql), cancellationToken);
        }
        catch (DuckDbException exception) when (exception.Kind == DuckDbFailure.Catalog && missing.Count > 0)
        {
            LakeTables tables = new(_lake);
            throw tables.NoTable(missing[0].ToString(), await tables.ListAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (DuckDbException exception)
        {
            throw exception.Explain();
        }
    }
}
