namespace LakehouseLab.Pipeline.Decoding;

/// <summary>Decoded records, in files that an engine reads.</summary>
/// <param name="Files">The files, in the order of the Bronze files that they come from.</param>
internal sealed record DecodedRecords(IReadOnlyList<DecodedFile> Files)
{
    /// <summary>How many records there are.</summary>
    public long Records => Files.Sum(file => file.Records);

    /// <summary>How many of them cannot be taken.</summary>
    public long Rejected => Files.Sum(file => file.Rejected);

    /// <summary>Foreign records that are left out, by emulation.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => Files.SelectMany(file => file.LeftOut).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));

    /// <summary>Members of all records that the schema does not know.</summary>
    public long UnknownMembers => Files.Sum(file => file.UnknownMembers);

    /// <summary>Whether the records that can be taken are in order of event time.</summary>
    public bool InEventTimeOrder => Files.All(file => file.InEventTimeOrder)
        && Files.Where(file => file.KeyHashes.Length > 0).Zip(Files.Where(file => file.KeyHashes.Length > 0).Skip(1)).All(pair => pair.First.LastEventTime <= pair.Second.FirstEventTime);
}

/// <summary>The decoded records of one Bronze file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Records">How many records there are.</param>
/// <param name="Rejected">How many of them cannot be taken.</param>
/// <param name="UnknownMembers">Members that the schema does not know.</param>
/// <param name="KeyHashes">Hashes of the keys of the others, in their order.</param>
/// <param name="InEventTimeOrder">Whether the others are in order of event time.</param>
/// <param name="FirstEventTime">The first event time, in Unix microseconds.</param>
/// <param name="LastEventTime">The last event time.</param>
internal sealed record DecodedFile(
    string Path, long Records, long Rejected, long UnknownMembers, long[] KeyHashes, bool InEventTimeOrder, long FirstEventTime, long LastEventTime)
{
    /// <summary>Foreign records that are left out, by emulation.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();
}
