using ParquetSharp;

namespace LakehouseLab.Decoding.Bronze;

/// <summary>A column of a row group in which the same text stands for many rows on end.</summary>
internal sealed class TextRuns
{
    private readonly List<(int Row, byte[] Text)> _runs = [];

    /// <summary>Reads the column.</summary>
    public TextRuns(BronzeColumns columns, RowGroupReader group, string name, int rows) =>
        columns.ReadBytes(group, name, rows, (row, _, value) =>
        {
            if (_runs.Count == 0 || !value.SequenceEqual(_runs[^1].Text))
            {
                _runs.Add((row, value.ToArray()));
            }
        });

    /// <summary>The text of a row; empty for none.</summary>
    public ReadOnlySpan<byte> At(int row) => _runs.FindLast(run => run.Row <= row).Text;
}
