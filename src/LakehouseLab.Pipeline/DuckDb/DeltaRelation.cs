using System.Text;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// Files of a version of a Delta table as a query: columns, order and types are those of the schema, whatever the
/// files hold. A column that a file lacks is null there; one that the schema lacks is left out.
/// </summary>
/// <param name="Sql">The query.</param>
/// <param name="Files">The local files that it reads.</param>
internal sealed record DeltaRelation(string Sql, IReadOnlyList<string> Files)
{
    /// <summary>The query in parentheses, to stand after FROM.</summary>
    public string Relation => $"({Sql})";

    /// <summary>Makes the query of a whole version.</summary>
    /// <exception cref="DeltaException">A file is missing.</exception>
    public static Task<DeltaRelation> OfAsync(DeltaTable table, Snapshot snapshot, LocalLease lease, CancellationToken cancellationToken) =>
        OfAsync(table, snapshot, snapshot.Files, lease, cancellationToken);

    /// <summary>Makes the query of some files.</summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">The version whose schema holds.</param>
    /// <param name="some">The files, in the order of their rows within a partition.</param>
    /// <param name="lease">Holds the local files: the query can be run as long as it lasts.</param>
    /// <param name="cancellationToken">Cancels the fetching of files.</param>
    /// <exception cref="DeltaException">A file is missing.</exception>
    public static async Task<DeltaRelation> OfAsync(DeltaTable table, Snapshot snapshot, IEnumerable<AddFile> some, LocalLease lease, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> partitions = snapshot.Metadata.PartitionColumns;
        List<string> files = [];
        SortedDictionary<string, List<string>> queries = new(StringComparer.Ordinal);
        await foreach ((AddFile file, string path) in table.GetLocalPathsAsync(some, lease, cancellationToken).ConfigureAwait(false))
        {
            files.Add(path);
            string columns = Columns(snapshot.Metadata.Schema, partitions, file.PartitionValues);
            queries.TryAdd(columns, []);
            queries[columns].Add(path);
        }

        StructType inFiles = new([.. snapshot.Metadata.Schema.Fields.Where(field => !Contains(partitions, field.Name))]);
        string sql = queries.Count == 0
            ? $"SELECT {Columns(snapshot.Metadata.Schema, [], null)} WHERE false"
            : string.Join(" UNION ALL ", queries.Select(query => $"SELECT {query.Key} FROM {Scan(query.Value, inFiles)}"));
        return new DeltaRelation(sql, files);
    }

    // Columns by name, nulls where a file has none: the parameter schema of read_parquet, which takes no empty one.
    private static string Scan(List<string> files, StructType schema)
    {
        StringBuilder sql = new("read_parquet([");
        sql.AppendJoin(", ", files.Select(SqlText.Literal)).Append("], hive_partitioning = false");
        if (schema.Fields.Count > 0)
        {
            sql.Append(", schema = MAP {");
            sql.AppendJoin(", ", schema.Fields.Select(field =>
                $"{SqlText.Literal(field.Name)}: {{name: {SqlText.Literal(field.Name)}, type: {SqlText.Literal(DuckDbType.Of(field.Type))}, default_value: NULL}}"));
            sql.Append('}');
        }

        return sql.Append(')').ToString();
    }

    // Without values: all columns, null.
    private static string Columns(StructType schema, IReadOnlyList<string> partitions, IReadOnlyDictionary<string, string?>? values) =>
        string.Join(", ", schema.Fields.Select(field =>
        {
            string name = SqlText.Quote(field.Name);
            return values is null ? $"CAST(NULL AS {DuckDbType.Of(field.Type)}) AS {name}"
                : Contains(partitions, field.Name) ? $"{Constant(field.Type, values.GetValueOrDefault(field.Name))} AS {name}"
                : name;
        }));

    // The protocol ("Partition Value Serialization") has text for each type, and the empty text for null.
    private static string Constant(DeltaType type, string? value)
    {
        string text = string.IsNullOrEmpty(value) ? "NULL" : SqlText.Literal(value);
        return type is PrimitiveType { Name: "binary" } ? $"encode({text})" : $"CAST({text} AS {DuckDbType.Of(type)})";
    }

    private static bool Contains(IReadOnlyList<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
