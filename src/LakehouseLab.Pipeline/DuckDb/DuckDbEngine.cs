using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Runs models in this process: DuckDB reads and writes Parquet files, the Delta log is ours.</summary>
internal sealed class DuckDbEngine : IEngine
{
    /// <summary>Name of this engine.</summary>
    public const string EngineName = "duckdb";

    private readonly Lake _lake;
    private readonly int _threads;
    private readonly TimeProvider _clock;
    private readonly ScratchFolder _spill;
    private readonly Lazy<DuckDbSession> _session;

    public DuckDbEngine(Lake lake, DuckDbOptions options, TimeProvider clock)
    {
        _lake = lake;
        _threads = options.Threads;
        _clock = clock;
        _spill = lake.Store.CreateScratch();

        // A run that finds nothing new needs no database.
        _session = new Lazy<DuckDbSession>(() => new DuckDbSession(options, _spill.Path));
    }

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public IEngineSession Begin() => new DuckDbBatch(_session.Value, _lake, _threads, _clock);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }

        _spill.Dispose();
        return ValueTask.CompletedTask;
    }
}
