namespace LakehouseLab.Cli.Rendering;

/// <summary>A plain table: columns two spaces apart, as wide as their widest cell.</summary>
/// <param name="headings">One heading for each column; one that begins with <c>&gt;</c> aligns its column to the right.</param>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [[.. headings.Select(heading => heading.TrimStart('>'))]];

    /// <summary>Adds a row with one cell for each column.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the headings and the rows.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="indent">Written before each line.</param>
    public void Write(TextWriter writer, string indent = "")
    {
        int[] widths = [.. headings.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                headings[column].StartsWith('>') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            writer.WriteLine((indent + string.Join("  ", cells)).TrimEnd());
        }
    }
}
