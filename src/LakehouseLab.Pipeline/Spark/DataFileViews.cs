using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Some files of a table as a query, with the columns and types of its schema: a view for each partition, whose value is not in the files.</summary>
/// <param name="spark">The session's statements.</param>
/// <param name="places">Where files are.</param>
internal sealed class DataFileViews(SparkStatements spark, SparkPlaces places)
{
    /// <summary>Makes the query, to stand after FROM.</summary>
    /// <param name="table">The version whose schema holds.</param>
    /// <param name="files">The files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<string> MakeAsync(TableVersion table, IReadOnlyCollection<AddFile> files, CancellationToken cancellationToken)
    {
        StructType schema = table.Snapshot.Metadata.Schema;
        if (files.Count == 0)
        {
            return $"(SELECT {string.Join(", ", schema.Fields.Select(field => $"CAST(NULL AS {SparkType.Of(field.Type)}) AS {SparkText.Identifier(field.Name)}"))} WHERE FALSE)";
        }

        IReadOnlyList<string> partitions = table.Snapshot.Metadata.PartitionColumns;
        string columns = SparkType.DdlOf(schema.Fields.Where(field => !partitions.Contains(field.Name)));
        List<string> queries = [];
        foreach (IGrouping<string, AddFile> partition in files.GroupBy(file => string.Join(", ", schema.Fields.Select(field => ColumnOf(field, partitions, file)))))
        {
            string view = spark.NewName("files");
            SparkRelation rows = SparkRelation.Source("parquet", null, [.. partition.Select(file => SparkPlaces.Escape(places.PathOf(table, file)))], columns);
            await spark.CreateViewAsync(view, rows, cancellationToken).ConfigureAwait(false);
            queries.Add($"SELECT {partition.Key} FROM {view}");
        }

        return $"({string.Join(" UNION ALL ", queries)})";
    }

    // The protocol ("Partition Value Serialization") has text for each type, and the empty text for null.
    private static string ColumnOf(StructField field, IReadOnlyList<string> partitions, AddFile file)
    {
        string name = SparkText.Identifier(field.Name);
        return !partitions.Contains(field.Name) ? name
            : $"CAST({(file.PartitionValues.GetValueOrDefault(field.Name) is { Length: > 0 } value ? SqlText.Literal(value) : "NULL")} AS {SparkType.Of(field.Type)}) AS {name}";
    }
}
