using Apache.Arrow;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.SparkConnect.Results;

/// <summary>Reads one value of an Arrow column.</summary>
internal static class ArrowValue
{
    public static object? Of(IArrowArray column, int row) => column.IsNull(row) ? null : column switch
    {
        BooleanArray values => values.GetValue(row),
        Int8Array values => values.GetValue(row),
        Int16Array values => values.GetValue(row),
        Int32Array values => values.GetValue(row),
        Int64Array values => values.GetValue(row),
        FloatArray values => values.GetValue(row),
        DoubleArray values => values.GetValue(row),
        Decimal128Array values => values.GetSqlDecimal(row),
        StringArray values => values.GetString(row),
        BinaryArray values => values.GetBytes(row).ToArray(),
        Date32Array values => values.GetDateOnly(row),
        TimestampArray values => values.Values[row],
        DurationArray values => values.GetValue(row),
        MapArray values => Entries(values, row),
        ListArray values => Elements(values, row),
        StructArray values => Fields(values, row),
        _ => throw new SparkProtocolException($"values of Arrow's type {column.Data.DataType.Name} cannot be read: cast the column in the statement, for example to STRING."),
    };

    private static object?[] Elements(ListArray list, int row)
    {
        int first = list.ValueOffsets[row];
        return [.. Enumerable.Range(first, list.GetValueLength(row)).Select(index => Of(list.Values, index))];
    }

    private static Dictionary<object, object?> Entries(MapArray map, int row)
    {
        int first = map.ValueOffsets[row];
        return Enumerable.Range(first, map.GetValueLength(row)).ToDictionary(index => Of(map.Keys, index)!, index => Of(map.Values, index));
    }

    private static Dictionary<string, object?> Fields(StructArray values, int row) =>
        ((Apache.Arrow.Types.StructType)values.Data.DataType).Fields.Select((field, index) => (field.Name, Value: Of(values.Fields[index], row))).ToDictionary(static field => field.Name, static field => field.Value);
}
