namespace LakehouseLab.World;

/// <summary>What identifies a record of a domain, in two words: enough to find its row.</summary>
/// <param name="High">The first half of a UUID, or the user_id of a profile.</param>
/// <param name="Low">The second half of a UUID, or since when a profile is valid.</param>
public readonly record struct RecordKey(ulong High, ulong Low)
{
    /// <summary>The key of a transaction or a device log.</summary>
    public static RecordKey OfUuid(ulong high, ulong low) => new(high, low);

    /// <summary>The key of a version of a person's profile.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="updatedAt">updated_at in Unix milliseconds, or null for a person's first record.</param>
    public static RecordKey OfProfile(long userId, long? updatedAt) =>
        new(unchecked((ulong)userId), unchecked((ulong)(updatedAt ?? long.MinValue)));
}
