using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;

namespace LakehouseLab.Cli.Values;

/// <summary>The tables that a pipeline makes.</summary>
internal static class KnownTables
{
    /// <summary>All of them, from Bronze to Gold, and the quarantine.</summary>
    public static IEnumerable<TableName> Of(ModelCatalog catalog)
    {
        return [.. catalog.Models.Select(model => model.Sql.Source).OfType<TableName>(), .. catalog.Models.Select(model => model.Table), QuarantineTable.Name];
    }

    /// <summary>The names of all of them.</summary>
    public static IEnumerable<string> Names(ModelCatalog catalog) => Of(catalog).Select(static table => table.ToString());

    /// <summary>The names of those that have a model.</summary>
    public static IEnumerable<string> ModelNames(ModelCatalog catalog) => catalog.Models.Select(static model => model.Table.ToString());

    /// <summary>The names of those that refuse records: the tables of Silver that are made from Bronze.</summary>
    public static IEnumerable<string> RefusingNames(ModelCatalog catalog) => catalog.Models.Where(static model => model.Sql.Source is not null).Select(static model => model.Table.ToString());
}
