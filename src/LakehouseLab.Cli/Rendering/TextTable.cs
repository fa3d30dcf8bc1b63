using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Rendering;

/// <summary>A plain table: columns two spaces apart, as wide as their widest cell.</summary>
/// <param name="headings">One heading for each column; one that begins with <c>&gt;</c> aligns its column to the right.</param>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [[.. headings.Select(Shown)]];
    private readonly int[] _widths = [.. headings.Select(heading => Shown(heading).Length)];

    /// <summary>Adds a row with one cell for each column.</summary>
    public void Add(params string[] cells)
    {
        string[] shown = [.. cells.Select(Printable.OnOneLine)];
        _rows.Add(shown);
        for (int column = 0; column < shown.Length; column++)
        {
            _widths[column] = Math.Max(_widths[column], shown[column].Length);
        }
    }

    /// <summary>Writes the headings and the rows.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="indent">Written before each line.</param>
    public void Write(TextWriter writer, string indent = "") => _rows.ForEach(row => WriteRow(writer, row, indent));

    /// <summary>Writes a row in the widths of those that were added.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="cells">One cell for each column.</param>
    /// <param name="indent">Written before the line.</param>
    public void WriteRow(TextWriter writer, string[] cells, string indent = "")
    {
        IEnumerable<string> padded = cells.Select(Printable.OnOneLine).Select((cell, column) =>
            headings[column].StartsWith('>') ? cell.PadLeft(_widths[column]) : cell.PadRight(_widths[column]));
        writer.WriteLine((indent + string.Join("  ", padded)).TrimEnd());
    }

    private static string Shown(string heading) => Printable.OnOneLine(heading.TrimStart('>'));
}
