using DuckDB.NET.Data;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Runs models in this process: DuckDB reads and writes Parquet files, the Delta log is ours.</summary>
internal sealed class DuckDbEngine : IModelEngine
{
    /// <summary>Name of this engine.</summary>
    public const string EngineName = "duckdb";

    private readonly ScratchFolder _spill;
    private readonly DuckDbSession _session;
    private readonly AppendMaterializer _append;
    private readonly QueryMaterializer _query;

    public DuckDbEngine(Lake lake, ModelCatalog catalog, DuckDbOptions options, TimeProvider clock)
    {
        _spill = lake.Store.CreateScratch();
        _session = new DuckDbSession(options, _spill.Path);
        _append = new AppendMaterializer(_session, lake, clock, options.Threads);
        _query = new QueryMaterializer(_session, lake, catalog, clock);
    }

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public async Task<ModelOutcome> RunAsync(ModelBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await (batch.Model.Materialization == Materialization.Append
                ? _append.RunAsync(batch, cancellationToken)
                : _query.RunAsync(batch, cancellationToken)).ConfigureAwait(false);
        }
        catch (ModelException exception) when (exception.InnerException is DuckDBException)
        {
            throw new ModelException($"{batch.Model.File} cannot be run: {ValueFailure.WithoutKind(exception.Message)}; the table stays as it was", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _spill.Dispose();
    }
}
