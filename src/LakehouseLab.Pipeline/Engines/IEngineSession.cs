using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Engines;

/// <summary>
/// One batch's work in an engine. Relations and staged rows last as long as the session; nothing of it is in a table before it is
/// committed. Statements are in the models' dialect, which every engine reads alike; what one engine alone says is its own matter.
/// Not thread-safe.
/// </summary>
internal interface IEngineSession : IAsyncDisposable
{
    /// <summary>A version of a table, with the columns and types of its schema, whatever its files hold.</summary>
    /// <param name="version">The version.</param>
    /// <param name="some">Some of its files, in the order of their rows; null for all.</param>
    /// <param name="cancellationToken">Cancels the fetching of files.</param>
    /// <exception cref="Delta.Log.DeltaException">A file is missing.</exception>
    Task<Relation> ReadAsync(TableVersion version, IEnumerable<AddFile>? some, CancellationToken cancellationToken);

    /// <summary>Rows that were staged, as the table will show them.</summary>
    Task<Relation> ReadAsync(StagedRows staged, CancellationToken cancellationToken);

    /// <summary>Decodes the records of Bronze files, by the one decoder that all engines share.</summary>
    Task<DecodedBatch> DecodeAsync(DecodeRequest request, CancellationToken cancellationToken);

    /// <summary>Finds the keys of decoded records that occur more than once, in the batch or in it and in a table.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="earlier">The table; null when its rows do not count.</param>
    /// <param name="key">The key's columns in the table.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ContestedKeys> FindContestedAsync(DecodedBatch batch, TableVersion? earlier, IReadOnlyList<string> key, CancellationToken cancellationToken);

    /// <summary>Keeps a query's rows until the session ends, so that they are made once however often they are read: now, or when they are first read.</summary>
    /// <exception cref="EngineException">The query failed.</exception>
    Task<Relation> KeepAsync(string query, CancellationToken cancellationToken);

    /// <summary>Writes a query's rows where a commit can make them part of their table.</summary>
    /// <exception cref="EngineException">The query failed.</exception>
    Task<StagedRows> StageAsync(TableWrite write, string query, CancellationToken cancellationToken);

    /// <summary>Writes the rows of decoded records: one query for each part of the batch, in its order.</summary>
    /// <param name="write">What the rows are to do to their table.</param>
    /// <param name="batch">The records.</param>
    /// <param name="contested">Their contested keys, whose rows the last query gives.</param>
    /// <param name="queries">The queries, as many as there are parts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">A query failed.</exception>
    Task<StagedRows> StageAsync(TableWrite write, DecodedBatch batch, ContestedKeys contested, IReadOnlyList<string> queries, CancellationToken cancellationToken);

    /// <summary>Makes staged rows a version of their table, with the batch's number in the <c>txn</c>.</summary>
    /// <returns>The version.</returns>
    /// <exception cref="ModelException">Another writer changed the table meanwhile; it is as that writer made it.</exception>
    Task<long> CommitAsync(StagedRows staged, string flow, long batch, CancellationToken cancellationToken);

    /// <summary>The columns that a query gives; nothing of it is run.</summary>
    /// <exception cref="EngineException">The query is wrong.</exception>
    Task<IReadOnlyList<string>> DescribeAsync(string query, CancellationToken cancellationToken);

    /// <summary>The few rows of a query, whose columns are all text.</summary>
    /// <exception cref="EngineException">The query failed.</exception>
    Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(string query, CancellationToken cancellationToken);

    /// <summary>The engine's name of a type, to cast to it.</summary>
    string TypeOf(DeltaType type);
}
