using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Flows;

/// <summary>A batch of a model, whose inputs are recorded.</summary>
/// <param name="Model">The model.</param>
/// <param name="Number">The batch's number: the version of the <c>txn</c> with which it commits.</param>
/// <param name="Inputs">All that it ingests.</param>
/// <param name="Base">The version of the table that it changes.</param>
internal sealed record ModelBatch(Model Model, long Number, ModelInputs Inputs, TableVersion Base)
{
    /// <summary>Application of the <c>txn</c>.</summary>
    public string Flow => Model.Table.ToString();
}
