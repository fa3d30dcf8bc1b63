using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>What runs models and writes their tables.</summary>
internal interface IModelEngine : IDisposable
{
    /// <summary>Its name, as tables record who writes them.</summary>
    string Name { get; }

    /// <summary>Makes a batch's rows and commits them, once.</summary>
    /// <exception cref="ModelException">It failed; the table is as it was.</exception>
    Task<ModelOutcome> RunAsync(ModelBatch batch, CancellationToken cancellationToken);
}
