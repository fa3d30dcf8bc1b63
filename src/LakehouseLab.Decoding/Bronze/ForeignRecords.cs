using ParquetSharp;

namespace LakehouseLab.Decoding.Bronze;

/// <summary>Which records of a Bronze file are foreign, and how many of each emulation were left out. Not thread-safe.</summary>
/// <param name="emulations">The foreign emulations; empty when there are none or they are ingested.</param>
/// <param name="areQuarantined">Whether their records are quarantined, and not left out.</param>
public sealed class ForeignRecords(IReadOnlyList<string> emulations, bool areQuarantined)
{
    /// <summary>The reason of a foreign record in quarantine.</summary>
    public const string Reason = "its header names an emulation of another lake or domain";

    /// <summary>The reason of one that goes neither into the table nor to quarantine.</summary>
    public const string Omitted = "left out";

    private readonly byte[][] _names = [.. emulations.Select(System.Text.Encoding.UTF8.GetBytes)];
    private readonly long[] _leftOut = new long[emulations.Count];
    private int[] _byRow = [];

    /// <summary>Whether foreign records are left out, instead of quarantined.</summary>
    public bool AreLeftOut => !areQuarantined;

    /// <summary>Records that were left out, by emulation.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => emulations.Zip(_leftOut).Where(pair => pair.Second > 0).ToDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>Finds those of a row group.</summary>
    internal void Read(BronzeColumns columns, RowGroupReader group, int rows)
    {
        if (_names.Length == 0)
        {
            return;
        }

        _byRow = _byRow.Length < rows ? new int[rows] : _byRow;
        columns.ReadBytes(group, "_emulation_id", rows, (row, present, value) => _byRow[row] = present ? IndexOf(value) : -1);
    }

    /// <summary>Whether a record of the row group that was read last is foreign.</summary>
    public bool IsForeign(int row) => _names.Length > 0 && _byRow[row] >= 0;

    /// <summary>Counts a record as left out.</summary>
    public void LeaveOut(int row) => _leftOut[_byRow[row]]++;

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
