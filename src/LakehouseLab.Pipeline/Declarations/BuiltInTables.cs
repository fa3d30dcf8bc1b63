using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Declarations;

/// <summary>The tables of a lake without a project, as the headers of their models and the rooms that write them declare them: what an audit expects.</summary>
public static class BuiltInTables
{
    private static readonly Lazy<IReadOnlyList<DeclaredTable>> s_all = new(static () =>
    [
        .. Domain.All.Select(static domain => new DeclaredTable(BronzeTable.Of(domain).ToString(), BronzeTable.Schema, null, [])),
        .. ModelCatalog.BuiltIn.Models.Select(static model => new DeclaredTable(model.Table.ToString(), model.Schema, model.PartitionBy, model.Key)),
        new(QuarantineTable.Name.ToString(), QuarantineTable.Schema, QuarantineTable.Partition, []),
        new(ReferenceTable.FxRates.Table.ToString(), ReferenceTable.FxRates.Schema, null, ReferenceTable.FxRates.Key),
    ]);

    /// <summary>All of them, each once.</summary>
    public static IReadOnlyList<DeclaredTable> All => s_all.Value;
}
