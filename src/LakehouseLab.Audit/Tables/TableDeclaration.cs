using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Tables;

/// <summary>
/// What a table's log should declare. Stated by the audit itself and not read from the models, so that neither a changed model nor a
/// changed log passes; a test holds it against the models.
/// </summary>
/// <param name="Prefix">Key of the table's folder in the lake.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="PartitionBy">Its partition column; null when it has none.</param>
internal sealed record TableDeclaration(string Prefix, IReadOnlyList<TableColumn> Columns, string? PartitionBy = null)
{
    /// <summary>Where Bronze and Silver say that a record comes from, as Silver has it.</summary>
    public static IReadOnlyList<TableColumn> Lineage { get; } =
        [TableColumn.Count("_batch"), TableColumn.Text("_source"), TableColumn.Count("_offset"), TableColumn.Instant("_ingested_at")];

    /// <summary>The quarantine.</summary>
    public static TableDeclaration Quarantine { get; } = new(
        "silver/quarantine",
        [
            TableColumn.Text("id"), TableColumn.Text("table_name"), TableColumn.Text("reason"), TableColumn.Text("payload"), TableColumn.Bytes("payload_bytes"),
            TableColumn.Text("_format"), TableColumn.Text("_emulation_id"), .. Lineage,
        ],
        "table_name");

    /// <summary>The column of a partition's first day, from which it follows; null when no column tells.</summary>
    public string? MonthOf { get; init; }

    /// <summary>The table, as messages name it.</summary>
    public string Name => Prefix.Replace('/', '.');

    /// <summary>A domain's Bronze table.</summary>
    public static TableDeclaration Bronze(DomainSchema schema) => new(
        $"bronze/{schema.Table}",
        [
            TableColumn.Text("payload"), TableColumn.Bytes("payload_bytes"), TableColumn.Text("_format"), TableColumn.Text("_emulation_id"), TableColumn.Text("_source"),
            TableColumn.Count("_offset"), TableColumn.Text("_key"), TableColumn.Instant("_timestamp"), TableColumn.Count("_batch"), TableColumn.Instant("_ingested_at"),
        ]);

    /// <summary>A Silver table of a domain's records.</summary>
    /// <param name="name">The table's name in its layer.</param>
    /// <param name="schema">The domain.</param>
    /// <param name="more">Columns behind the domain's own.</param>
    public static TableDeclaration Silver(string name, DomainSchema schema, params IEnumerable<TableColumn> more) =>
        new($"silver/{name}", [.. schema.Fields.Select(TableColumn.Of), .. more, .. Lineage]);
}
