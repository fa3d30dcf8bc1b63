using System.Text.Encodings.Web;
using System.Text.Json;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Querying;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Writes the rows of a query as they come.</summary>
internal static class QueryOutput
{
    // As many as are looked at before the widths of a table's columns are set.
    private const int MeasuredRows = 1000;
    private const int FlushedBytes = 1 << 16;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>One JSON object a line.</summary>
    public static void WriteJson(QueryResult result, Stream output)
    {
        using MemoryStream lines = new();
        using Utf8JsonWriter writer = new(lines, s_options);
        while (result.ReadChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                result.WriteJson(writer, row);
                writer.Flush();
                writer.Reset();
                lines.WriteByte((byte)'\n');
                if (lines.Length >= FlushedBytes)
                {
                    Send(lines, output);
                }
            }
        }

        Send(lines, output);
        output.Flush();
    }

    /// <summary>A header and one line a row (RFC 4180); null is an empty cell, the empty text a quoted one.</summary>
    public static void WriteCsv(QueryResult result, TextWriter output)
    {
        WriteLine(output, result.Columns.Select(column => column.Name));
        while (result.ReadChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                WriteLine(output, Enumerable.Range(0, result.Columns.Count).Select(column => result.GetText(row, column)));
            }
        }
    }

    /// <summary>A table for people: columns as wide as what the first rows need.</summary>
    public static void WriteTable(QueryResult result, TextWriter output)
    {
        string[] headings = [.. result.Columns.Select(column => column.IsNumber ? ">" + column.Name : column.Name)];
        TextTable table = new(headings);
        int rows = 0;
        while (result.ReadChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                string[] cells = [.. Enumerable.Range(0, headings.Length).Select(column => result.GetText(row, column) ?? string.Empty)];
                if (rows++ < MeasuredRows)
                {
                    table.Add(cells);
                    continue;
                }

                if (rows == MeasuredRows + 1)
                {
                    table.Write(output);
                }

                table.WriteRow(output, cells);
            }
        }

        if (rows <= MeasuredRows)
        {
            table.Write(output);
        }
    }

    private static void WriteLine(TextWriter output, IEnumerable<string?> cells) => output.Write(string.Join(',', cells.Select(Quote)) + "\r\n");

    private static string? Quote(string? cell) =>
        cell is { Length: 0 } || cell?.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static void Send(MemoryStream lines, Stream output)
    {
        output.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        lines.SetLength(0);
    }
}
