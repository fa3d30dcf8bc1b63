using System.Buffers.Text;
using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Records;

/// <summary>Hashes of a record in its place: the same of what was sent and of what was received.</summary>
internal static class PlacedRecord
{
    /// <summary>The hash of the key of a message about a user; of an object's record it is <see cref="ValueHash.Null"/>.</summary>
    public static ulong KeyCodeOf(long user) => ValueHash.Of(user);

    /// <summary>The hash of a message's key: that of its user where it is a user's number in decimal digits, as it is written and not otherwise.</summary>
    public static ulong KeyCodeOf(ReadOnlySpan<byte> key) =>
        key.IsEmpty ? ValueHash.Null : Utf8Parser.TryParse(key, out long user, out int read) && read == key.Length && key[0] is >= (byte)'1' and <= (byte)'9' ? KeyCodeOf(user) : ValueHash.Of(key);

    /// <summary>The hash of a record in its place.</summary>
    /// <param name="record">Hash of its bytes.</param>
    /// <param name="row">The row of the domain whose place it is in.</param>
    /// <param name="key">Hash of its key.</param>
    public static ulong HashOf(ulong record, long row, ulong key) => ValueHash.Append(ValueHash.Append(record, ValueHash.Of(row)), key);
}
