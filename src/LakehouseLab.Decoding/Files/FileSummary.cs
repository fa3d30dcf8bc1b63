namespace LakehouseLab.Decoding.Files;

/// <summary>What the records of one Bronze file are.</summary>
/// <param name="Records">How many there are.</param>
/// <param name="Rejected">How many of them are rejected, with a reason.</param>
/// <param name="UnknownMembers">Members of all records that the schema does not know.</param>
/// <param name="LeftOut">Foreign records that are left out, by emulation.</param>
/// <param name="InEventTimeOrder">Whether the accepted records are in order of event time.</param>
/// <param name="FirstEventTime">The first accepted record's event time in Unix microseconds; null when there is none.</param>
/// <param name="LastEventTime">The last one's.</param>
public sealed record FileSummary(
    long Records, long Rejected, long UnknownMembers, IReadOnlyDictionary<string, long> LeftOut, bool InEventTimeOrder, long? FirstEventTime = null, long? LastEventTime = null);
