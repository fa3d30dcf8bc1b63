using System.Buffers.Binary;
using System.Globalization;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.World.Keys;

/// <summary>
/// What identifies the records of a domain, in each form that a key comes in: the fields of a record, the columns of its Silver table, the
/// bytes that are hashed, a text for people, and the two words by which a factory finds the row. Immutable.
/// </summary>
public abstract class KeyCodec
{
    /// <summary>Bytes that a key's hash is made of.</summary>
    public const int HashedBytes = 16;

    /// <summary>Makes a codec.</summary>
    /// <param name="fields">The fields of a record that identify it.</param>
    /// <param name="columns">The columns of the Silver table that identify a row.</param>
    protected KeyCodec(IReadOnlyList<Field> fields, IReadOnlyList<Field> columns)
    {
        Fields = fields;
        Columns = columns;
    }

    /// <summary>The fields of a record that identify it; they are in its Silver table, too.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The columns of the Silver table that identify a row: by them records are deduplicated. None is ever absent.</summary>
    public IReadOnlyList<Field> Columns { get; }

    /// <summary>How many words a value takes in <see cref="KeyWords"/>.</summary>
    public static int WordsOf(Field field) => field.Type == FieldType.Uuid ? 2 : 1;

    /// <summary>Writes what the hash of a row of Silver is made of, the same for ever: lakes keep hashes.</summary>
    /// <param name="columns">The values of <see cref="Columns"/>.</param>
    /// <param name="to">Takes <see cref="HashedBytes"/> bytes.</param>
    public void WriteHashed(KeyWords columns, Span<byte> to)
    {
        if (Columns[0].Type == FieldType.Uuid)
        {
            BinaryPrimitives.WriteUInt64BigEndian(to, columns.First);
            BinaryPrimitives.WriteUInt64BigEndian(to[8..], columns.Second);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(to, columns.First);
            BinaryPrimitives.WriteUInt64LittleEndian(to[8..], columns.Second);
        }
    }

    /// <summary>The key of a record or a row by the values of <see cref="Fields"/>.</summary>
    /// <returns>The key, or null when no record has these values.</returns>
    public abstract RecordKey? Read(KeyWords fields);

    /// <summary>The key of a record by the texts of <see cref="Fields"/>, as JSON has them without quotes; null for an absent one.</summary>
    /// <returns>The key, or null when the texts are none.</returns>
    public abstract RecordKey? Parse(IReadOnlyList<string?> fields);

    /// <summary>Reads the key at the start of a JSON record as our writers put it there, without parsing the record.</summary>
    /// <returns>Whether it is there; if not, the record must be parsed.</returns>
    public virtual bool TryReadStart(ReadOnlySpan<byte> record, out RecordKey key)
    {
        key = default;
        return false;
    }

    /// <summary>The key of a row of a batch as people read it.</summary>
    public string TextAt(RecordBatch batch, int row) =>
        Describe([.. Fields.Select(field => TextOf(batch.Columns[batch.Schema.IndexOf(field.Name)], row))]);

    /// <summary>A key as people read it.</summary>
    /// <param name="fields">The texts of <see cref="Fields"/>; null for an absent one.</param>
    public abstract string Describe(IReadOnlyList<string?> fields);

    private static string? TextOf(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        UuidColumn uuids => UuidText.Format(uuids.High[row], uuids.Low[row]),
        Int64Column numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        TimestampColumn instants => DateTime.UnixEpoch.AddMilliseconds(instants.Milliseconds[row]).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{column.Field.Name} is of type {column.Field.Type}, which keys do not have", nameof(column)),
    };
}
