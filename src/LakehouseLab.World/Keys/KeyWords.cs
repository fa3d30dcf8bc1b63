namespace LakehouseLab.World.Keys;

/// <summary>The values of a key's fields or columns, in order, as at most two words: a UUID takes both, the more significant half first; anything
/// else takes one, as a number or in Unix microseconds, or as <see cref="Absent"/>.</summary>
/// <param name="First">The first word.</param>
/// <param name="Second">The second word; 0 when there is none.</param>
public readonly record struct KeyWords(ulong First, ulong Second)
{
    /// <summary>The word of an absent value: no number and no instant has it.</summary>
    public const ulong Absent = 1UL << 63;
}
