using Apache.Arrow;

namespace LakehouseLab.SparkConnect.Results;

/// <summary>
/// One row. Values are <see langword="long"/> for BIGINT, and so on for the other numbers; <see cref="System.Data.SqlTypes.SqlDecimal"/> for DECIMAL;
/// <see cref="DateOnly"/> for DATE; for TIMESTAMP and TIMESTAMP_NTZ microseconds since 1970, since their years go beyond those of .NET; arrays of objects for ARRAY,
/// dictionaries for STRUCT and MAP.
/// </summary>
/// <param name="batch">The batch that it is in.</param>
/// <param name="row">Its place there, from 0.</param>
public readonly struct SparkRow(RecordBatch batch, int row)
{
    /// <summary>A value by its column's place, from 0.</summary>
    public object? this[int column] => ArrowValue.Of(batch.Column(column), row);

    /// <summary>A value by its column's name.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public object? this[string column] => this[IndexOf(column)];

    /// <summary>A value that is not null, by its column's name.</summary>
    public T Get<T>(string column) => this[column] switch
    {
        T value => value,
        null => throw new InvalidCastException($"column {column} is null: expected {typeof(T).Name}"),
        { } other => throw new InvalidCastException($"column {column} is {other.GetType().Name}: expected {typeof(T).Name}"),
    };

    private int IndexOf(string column)
    {
        for (int index = 0; index < batch.ColumnCount; index++)
        {
            if (batch.Schema.GetFieldByIndex(index).Name == column)
            {
                return index;
            }
        }

        throw new ArgumentException($"there is no column {column}: there are {string.Join(", ", batch.Schema.FieldsList.Select(static field => field.Name))}", nameof(column));
    }
}
