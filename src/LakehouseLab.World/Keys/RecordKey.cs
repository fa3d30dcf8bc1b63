namespace LakehouseLab.World.Keys;

/// <summary>What identifies a record of a domain, in two words that its factory understands: enough to find its row.</summary>
/// <param name="High">The first word, such as the first half of a UUID.</param>
/// <param name="Low">The second word, such as the second half of a UUID.</param>
public readonly record struct RecordKey(ulong High, ulong Low)
{
    /// <summary>The key of a record that a UUID identifies.</summary>
    public static RecordKey OfUuid(ulong high, ulong low) => new(high, low);
}
