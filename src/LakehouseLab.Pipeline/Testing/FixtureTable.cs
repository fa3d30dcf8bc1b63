using System.Globalization;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.World.Requests;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>A table whose rows a test gives or expects.</summary>
/// <param name="Name">The table.</param>
/// <param name="Schema">Its columns.</param>
/// <param name="PartitionBy">Its partition column, or null.</param>
/// <param name="Engine">The engine that writes it.</param>
internal sealed record FixtureTable(TableName Name, StructType Schema, string? PartitionBy, string Engine)
{
    // What a Bronze row says of itself unless its test says otherwise.
    private static readonly Dictionary<string, string> s_received = new(StringComparer.Ordinal)
    {
        ["_format"] = "json",
        ["_source"] = "fixture",
        ["_batch"] = "0",
        ["_ingested_at"] = "2026-01-01T00:00:00Z",
    };

    /// <summary>An input of a model.</summary>
    /// <param name="name">The table.</param>
    /// <param name="catalog">The models.</param>
    public static FixtureTable Of(TableName name, ModelCatalog catalog) =>
        catalog.Find(name) is { } model ? new FixtureTable(name, model.Schema, model.PartitionBy, DuckDbEngine.EngineName)
        : name == ReferenceTable.FxRates.Table ? new FixtureTable(name, new StructType([.. ReferenceTable.FxRates.Columns.Select(column => column.ToField())]), null, WritingEngine.Lakelab)
        : new FixtureTable(name, BronzeTable.Schema, null, WritingEngine.Lakelab);

    /// <summary>What a row has in a column that it leaves out: in Bronze where it came from, else nothing.</summary>
    public string? DefaultOf(string column, int index) =>
        Name.Layer != "bronze" ? null : column == "_offset" ? index.ToString(CultureInfo.InvariantCulture) : s_received.GetValueOrDefault(column);

    /// <summary>The one text of a row's value.</summary>
    /// <exception cref="InvalidRequestException">There is no such column, or the value is not of its type.</exception>
    public string Normalize(string column, string text, FixtureRow row)
    {
        string type = TypeOf(column, row);
        return FixtureValue.TryNormalize(type, text)
            ?? throw new InvalidRequestException($"{row.Place}: {column}: '{text}' does not fit {Name}: write {FixtureValue.FormOf(type)}");
    }

    /// <summary>Refuses rows with columns that the table does not have.</summary>
    /// <exception cref="InvalidRequestException">There is such a row.</exception>
    public void Check(FixtureRows rows)
    {
        foreach (FixtureRow row in rows.Rows)
        {
            foreach (string column in row.Values.Keys)
            {
                TypeOf(column, row);
            }
        }
    }

    /// <summary>The type of a column in Delta's words.</summary>
    public string TypeOf(string column, FixtureRow row) =>
        Schema.Fields.FirstOrDefault(field => field.Name == column)?.Type is PrimitiveType type
            ? type.Name
            : throw new InvalidRequestException($"{row.Place}: {Name} has no column '{column}': it has {string.Join(", ", Schema.Fields.Select(field => field.Name))}");
}
