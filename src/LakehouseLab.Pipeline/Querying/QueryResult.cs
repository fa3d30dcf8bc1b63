using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Native;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsNumber">Whether its values are numbers.</param>
public sealed record QueryColumn(string Name, bool IsNumber);

/// <summary>The rows of a query, in chunks that are made as they are read.</summary>
public sealed class QueryResult : IDisposable
{
    private readonly ResultType[] _types;
    private readonly JsonEncodedText[] _names;
    private readonly CancellationTokenRegistration _interruption;
    private DuckDBResult _result;
    private DuckDBDataChunk? _chunk;
    private ResultVector[] _vectors = [];

    internal QueryResult(DuckDBResult result, CancellationTokenRegistration interruption)
    {
        _result = result;
        _interruption = interruption;
        int count = (int)NativeMethods.Query.DuckDBColumnCount(ref _result);
        _types = new ResultType[count];
        QueryColumn[] columns = new QueryColumn[count];
        for (int column = 0; column < count; column++)
        {
            string name = NativeMethods.Query.DuckDBColumnName(ref _result, column);
            using DuckDBLogicalType type = NativeMethods.Query.DuckDBColumnLogicalType(ref _result, column);
            _types[column] = ResultType.Of(type, name);
            columns[column] = new QueryColumn(SumGuard.NameOf(name), _types[column].IsNumber);
        }

        Columns = WithNamesOfTheirOwn(columns);
        _names = [.. Columns.Select(column => JsonEncodedText.Encode(column.Name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
    }

    /// <summary>The columns in order; of those with the same name the later ones are numbered, as DuckDB does with those of a subquery: a, a_1.</summary>
    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Rows of the present chunk.</summary>
    public int RowCount { get; private set; }

    /// <summary>Goes to the next chunk, or to the first.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidRequestException">The query fails at a value, such as a cast.</exception>
    /// <exception cref="Delta.Log.DeltaException">A data file is damaged.</exception>
    /// <exception cref="OperationCanceledException">The query was interrupted.</exception>
    public bool ReadChunk()
    {
        _chunk?.Dispose();
        _chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
        RowCount = _chunk.IsInvalid ? 0 : (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(_chunk);
        if (RowCount == 0)
        {
            string? error = NativeMethods.Query.DuckDBResultError(ref _result);
            return string.IsNullOrEmpty(error) ? false : throw new DuckDbException(error).Explain();
        }

        _vectors = [.. _types.Select((type, column) => new ResultVector(type, NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, column)))];
        return true;
    }

    /// <summary>A value as text: nested ones as JSON, bytes in base64; null for null.</summary>
    /// <param name="row">Row of the chunk, from 0.</param>
    /// <param name="column">Column, from 0.</param>
    public string? GetText(int row, int column) => _vectors[column].GetText(row);

    /// <summary>Writes a row as one JSON object: numbers exactly, instants in RFC 3339, bytes in base64.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="row">Row of the chunk, from 0.</param>
    public void WriteJson(Utf8JsonWriter writer, int row)
    {
        writer.WriteStartObject();
        for (int column = 0; column < _vectors.Length; column++)
        {
            writer.WritePropertyName(_names[column]);
            _vectors[column].WriteJson(writer, row);
        }

        writer.WriteEndObject();
    }

    private static QueryColumn[] WithNamesOfTheirOwn(QueryColumn[] columns)
    {
        HashSet<string> taken = [.. columns.Select(column => column.Name)];
        HashSet<string> given = [];
        return
        [
            .. columns.Select(column =>
            {
                string name = column.Name;
                for (int number = 1; !given.Add(name); number++)
                {
                    string numbered = string.Create(CultureInfo.InvariantCulture, $"{column.Name}_{number}");
                    name = taken.Contains(numbered) ? name : numbered;
                }

                return column with { Name = name };
            }),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interruption.Dispose();
        _chunk?.Dispose();
        _result.Close();
    }
}
