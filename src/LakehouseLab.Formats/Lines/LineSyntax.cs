namespace LakehouseLab.Formats.Lines;

/// <summary>What formats of lines differ in: what stands around values and records. The values' spelling is the same in all. Immutable.</summary>
internal abstract class LineSyntax
{
    /// <summary>What replaces the first byte of a record; 0 when nothing does.</summary>
    public abstract byte Opening { get; }

    /// <summary>What ends a record: one or two bytes.</summary>
    public abstract ReadOnlySpan<byte> Ending { get; }

    /// <summary>What stands before and behind values that are neither numbers nor truth values nor text: a byte or none.</summary>
    public abstract ReadOnlySpan<byte> Quote { get; }

    /// <summary>What stands before a value.</summary>
    /// <param name="name">Name of its field.</param>
    /// <param name="isFirst">Whether it is the first of its record.</param>
    public abstract byte[] Before(string name, bool isFirst);

    /// <summary>What stands for a value that is absent.</summary>
    /// <param name="isFirst">Whether it would be the first of its record.</param>
    public abstract byte[] Absent(bool isFirst);

    /// <summary>Bytes that a text of a length takes at most.</summary>
    public abstract int MaxText(int length);

    /// <summary>Writes a text.</summary>
    /// <returns>Bytes written, at most <see cref="MaxText"/>.</returns>
    public abstract int WriteText(ReadOnlySpan<byte> utf8, Span<byte> to);
}
