using System.Text;
using LakehouseLab.World.Requests;
using Microsoft.VisualBasic.FileIO;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>Reads rows of a test from a CSV file with a header. An empty field is an absent value.</summary>
internal static class CsvRows
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="statedAt">Where the test names it.</param>
    /// <exception cref="InvalidRequestException">It is not there, or not CSV.</exception>
    public static FixtureRows Read(string path, string name, string statedAt)
    {
        if (!File.Exists(path))
        {
            throw new InvalidRequestException($"{statedAt}: there is no file '{name}' beside the test: put it there, or give rows");
        }

        using TextFieldParser parser = new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { Delimiters = [","], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        try
        {
            string[] columns = parser.ReadFields() ?? throw new InvalidRequestException($"{name}: it is empty: its first line names the columns");
            List<FixtureRow> rows = [];
            while (!parser.EndOfData)
            {
                string place = $"{name}, line {parser.LineNumber}";
                string[] fields = parser.ReadFields()!;
                if (fields.Length != columns.Length)
                {
                    throw new InvalidRequestException($"{place}: there are {fields.Length} fields for {columns.Length} columns");
                }

                rows.Add(new FixtureRow(place, columns.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second.Length == 0 ? null : (string?)pair.Second, StringComparer.Ordinal)));
            }

            return new FixtureRows(columns, rows);
        }
        catch (MalformedLineException exception)
        {
            throw new InvalidRequestException($"{name}, line {exception.LineNumber}: it is not CSV: write one row a line, values with commas or quotes in double quotes", exception);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidRequestException($"{name}: a column is named twice", exception);
        }
    }
}
