using Apache.Arrow;
using Apache.Arrow.Ipc;
using Google.Protobuf;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Plans;

/// <summary>Rows, as a plan: a statement's, a table's, a source's, or rows of the client. Nothing runs until a session is asked for them.</summary>
public sealed class SparkRelation
{
    private SparkRelation(Relation relation) => Wire = relation;

    internal Relation Wire { get; }

    /// <summary>A statement's rows.</summary>
    public static implicit operator SparkRelation(string sql) => Sql(sql);

    /// <summary>A statement's rows.</summary>
    /// <param name="sql">One SELECT, VALUES, SHOW or the like, without a semicolon.</param>
    public static SparkRelation Sql(string sql) => new(new Relation { Sql = new Sql { Query = sql } });

    /// <summary>A table's rows, or a view's.</summary>
    /// <param name="name">Its name, in the form of SQL.</param>
    /// <param name="options">Options of the reader.</param>
    public static SparkRelation Table(string name, IReadOnlyDictionary<string, string>? options = null)
    {
        Read.Types.NamedTable table = new() { UnparsedIdentifier = name };
        table.Options.Add(options.ToMap());
        return new SparkRelation(new Relation { Read = new Read { NamedTable = table } });
    }

    /// <summary>Rows of a data source.</summary>
    /// <param name="format">The source's name, such as <c>parquet</c>, <c>delta</c>, <c>kafka</c>.</param>
    /// <param name="options">Its options.</param>
    /// <param name="paths">What it reads, where it reads paths.</param>
    /// <param name="schema">The columns as DDL; null: as the source says.</param>
    /// <param name="streaming">Whether its rows come without end, for <see cref="SparkStreamWrite"/>.</param>
    public static SparkRelation Source(string format, IReadOnlyDictionary<string, string>? options = null, IReadOnlyList<string>? paths = null, string? schema = null, bool streaming = false)
    {
        Read.Types.DataSource source = new() { Format = format };
        source.Options.Add(options.ToMap());
        source.Paths.Add(paths ?? []);
        if (schema is not null)
        {
            source.Schema = schema;
        }

        return new SparkRelation(new Relation { Read = new Read { DataSource = source, IsStreaming = streaming } });
    }

    /// <summary>Rows of the client, which travel with the plan: for small lists.</summary>
    /// <param name="schema">Their columns.</param>
    /// <param name="rows">The rows.</param>
    public static SparkRelation Local(Schema schema, params IEnumerable<RecordBatch> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using MemoryStream bytes = new();
        using (ArrowStreamWriter writer = new(bytes, schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (RecordBatch batch in rows)
            {
                writer.WriteRecordBatch(batch);
            }

            writer.WriteEnd();
        }

        return new SparkRelation(new Relation { LocalRelation = new LocalRelation { Data = ByteString.CopyFrom(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) } });
    }

    /// <summary>The same rows, of which a stream forgets those that come too late.</summary>
    /// <param name="column">The column with the time of the event.</param>
    /// <param name="delay">How late a row may be, such as <c>10 minutes</c>.</param>
    public SparkRelation WithWatermark(string column, string delay) =>
        new(new Relation { WithWatermark = new WithWatermark { Input = Wire, EventTime = column, DelayThreshold = delay } });

    internal static SparkRelation Of(Relation relation) => new(relation);
}
