using LakehouseLab.Emulation.Json;

namespace LakehouseLab.Emulation;

/// <summary>The encoded rows of one block, in a buffer that is used again.</summary>
internal sealed class EncodedBlock
{
    /// <summary>The records, one a line.</summary>
    public ByteBuffer Bytes { get; } = new();

    /// <summary>How many records.</summary>
    public int Rows { get; set; }

    /// <summary>Fraudulent records by rule, in the order of the rules.</summary>
    public long[] Frauds { get; } = new long[8];
}
