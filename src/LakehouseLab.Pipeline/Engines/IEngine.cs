namespace LakehouseLab.Pipeline.Engines;

/// <summary>
/// What runs the models' SQL and writes their tables. It knows tables, files and statements, and nothing of what Silver or a
/// strategy means: that stands above, once for all engines.
/// </summary>
internal interface IEngine : IAsyncDisposable
{
    /// <summary>Its name, as tables record who writes them.</summary>
    string Name { get; }

    /// <summary>Begins the work of one batch.</summary>
    IEngineSession Begin();
}
