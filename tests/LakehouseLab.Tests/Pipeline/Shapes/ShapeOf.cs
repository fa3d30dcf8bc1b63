using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Shapes;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline.Shapes;

/// <summary>What is proven of a test's model over the tables of the program.</summary>
internal static class ShapeOf
{
    /// <summary>Makes a header of columns, each <c>name TYPE</c>.</summary>
    public static string Header(string header, string columns) =>
        $"/*\ndescription: A test's.\n{header}\ncolumns:\n{string.Concat(columns.Split(';').Select(static column => column.Trim().Split(' ', 2)).Select(static column => $"  {column[0]}: [\"{column[1]}\", c]\n"))}*/\n";

    /// <summary>The shape of a model.</summary>
    public static ModelShape Model(string header, string columns, string sql)
    {
        Model model = ModelFile.Parse(new TableName("gold", "own"), Header(header, columns) + sql, "own.sql");
        return ModelCatalog.BuiltIn.With([model]).ShapeOf(model);
    }
}
