using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Models;

/// <summary>
/// What the schema of a domain declares for the models of its records, so that their headers need not: columns, key and event time of a model
/// of <c>source()</c>, and of the table of present versions where records replace each other.
/// </summary>
internal static class SchemaColumns
{
    /// <summary>Where a row comes from: the last columns of every model of a source.</summary>
    public static IReadOnlyList<ModelColumn> Lineage { get; } =
    [
        Column("_batch", "BIGINT", "Batch in which Bronze received the record."),
        Column("_source", "STRING", "Object or topic partition that held the record."),
        Column("_offset", "BIGINT", "Line or offset of the record in its source."),
        Column("_ingested_at", "TIMESTAMP", "When Bronze received the record."),
    ];

    /// <summary>The domain whose Bronze table a source is.</summary>
    /// <returns>The domain, or null when the source is none.</returns>
    public static Domain? DomainOf(TableName? source) =>
        Domain.All.FirstOrDefault(domain => source == new TableName("bronze", domain.Table));

    /// <summary>The columns that the records of a source have for a model's query.</summary>
    public static IReadOnlyList<ModelColumn> Of(Domain domain) => [.. domain.SilverFields.Select(Of), .. Lineage];

    /// <summary>Adds to a model what the schema of its domain declares. The header may add columns, and describe those of the schema anew.</summary>
    /// <exception cref="HeaderException">The header gives a column of the schema another type.</exception>
    public static Model Complete(Model model)
    {
        if (DomainOf(model.Sql.Source) is { } domain)
        {
            return Complete(model, domain.SilverFields, Lineage, domain.Key.Columns, domain.Validity is null ? domain.Schema.EventTime : null);
        }

        return model.Table.Layer == "silver" && Domain.All.FirstOrDefault(known => known.Validity is not null && known.Table == model.Table.Name) is { } present
            ? Complete(model, present.PresentFields, [], [.. present.Key.Columns.Where(column => column != present.Validity!.Column)], null)
            : model;
    }

    private static Model Complete(Model model, IReadOnlyList<Field> fields, IReadOnlyList<ModelColumn> last, IReadOnlyList<Field> key, string? eventTime)
    {
        List<ModelColumn> own = [.. model.Columns];
        ModelColumn[] columns = [.. fields.Select(Of).Select(Take), .. own.Where(column => last.All(known => known.Name != column.Name)), .. last.Select(Take)];
        return model with
        {
            Columns = columns,
            Key = model.Key.Count > 0 ? model.Key : [.. key.Select(column => column.Name)],
            EventTime = model.EventTime ?? eventTime,
            Definition = Checksum(model.Definition, columns),
        };

        ModelColumn Take(ModelColumn declared)
        {
            if (own.Find(column => column.Name == declared.Name) is not { } stated)
            {
                return declared;
            }

            own.Remove(stated);
            return stated.Type.Name == declared.Type.Name
                ? stated
                : throw new HeaderException(model.HeaderLineOf("columns"), $"column {stated.Name} is {stated.Type.Name} in the header and {declared.Type.Name} in the schema of its records: leave it out of columns");
        }
    }

    // Another schema makes the table anew, as another file does.
    private static string Checksum(string definition, IEnumerable<ModelColumn> columns) => Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(
        string.Join('\n', columns.Select(column => $"{column.Name} {column.Type.Name} {column.Nullable} {column.Description}").Prepend(definition)))));

    private static ModelColumn Of(Field field) => new(field.Name, ColumnType.TryParse(TypeOf(field))!, field.Nullable || field.IsLabel, field.Description);

    private static string TypeOf(Field field) => field.Type switch
    {
        FieldType.Int64 => "BIGINT",
        FieldType.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({field.Precision},{field.Scale})"),
        FieldType.Boolean => "BOOLEAN",
        FieldType.Timestamp => "TIMESTAMP",
        FieldType.Date => "DATE",
        _ => "STRING",
    };

    private static ModelColumn Column(string name, string type, string description) => new(name, ColumnType.TryParse(type)!, Nullable: false, description);
}
