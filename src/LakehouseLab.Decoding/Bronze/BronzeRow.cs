namespace LakehouseLab.Decoding.Bronze;

/// <summary>A Bronze record that goes to quarantine.</summary>
/// <param name="payload">Its bytes.</param>
/// <param name="isText">Whether they are UTF-8.</param>
/// <param name="isAbsent">Whether there are none, as in a tombstone.</param>
/// <param name="format">Format of its source.</param>
/// <param name="emulation">Its emulation; empty for none.</param>
internal readonly ref struct BronzeRow(ReadOnlySpan<byte> payload, bool isText, bool isAbsent, ReadOnlySpan<byte> format, ReadOnlySpan<byte> emulation)
{
    public ReadOnlySpan<byte> Payload { get; } = payload;

    public bool IsText { get; } = isText;

    public bool IsAbsent { get; } = isAbsent;

    public ReadOnlySpan<byte> Format { get; } = format;

    public ReadOnlySpan<byte> Emulation { get; } = emulation;
}
