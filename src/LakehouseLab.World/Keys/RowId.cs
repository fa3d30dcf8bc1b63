using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Keys;

/// <summary>
/// Ids that lead back to their row: UUIDs of RFC 9562's version 8, 122 free bits of which hold the row and a check of
/// it, both hashed with the key so that an id tells nothing without it.
/// </summary>
/// <remarks>The 62 free bits after the variant are a keyed hash of the row, the 60 before it the row hidden by a hash of
/// those; a foreign id passes with a chance of 2⁻⁶².</remarks>
internal readonly struct RowId(ulong key)
{
    /// <summary>One more than the largest row.</summary>
    public const long RowLimit = 1L << 60;

    private const ulong LowMask = (1UL << 62) - 1;
    private readonly ulong _checkKey = Draw.Bits(key, 0);
    private readonly ulong _rowKey = Draw.Bits(key, 1);

    /// <summary>The id of a row.</summary>
    public RecordKey Of(long row)
    {
        ulong low = Check(row);
        ulong high = (ulong)row ^ Mask(low);
        return RecordKey.OfUuid(((high << 4) & ~0xFFFFUL) | 0x8000 | (high & 0xFFF), low | (1UL << 63));
    }

    /// <summary>The row of an id, or -1 when the id is none of these.</summary>
    public long Find(RecordKey id)
    {
        ulong low = id.Low & LowMask;
        ulong high = ((id.High & ~0xFFFFUL) >> 4) | (id.High & 0xFFF);
        long row = (long)(high ^ Mask(low));
        bool shaped = (id.High & 0xF000) == 0x8000 && id.Low >> 62 == 2;
        return shaped && low == Check(row) ? row : -1;
    }

    private ulong Check(long row) => Draw.Mix(unchecked((ulong)row ^ _checkKey)) & LowMask;

    private ulong Mask(ulong low) => Draw.Mix(low ^ _rowKey) >> 4;
}
