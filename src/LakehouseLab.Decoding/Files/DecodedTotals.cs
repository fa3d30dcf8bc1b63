namespace LakehouseLab.Decoding.Files;

/// <summary>What the records of several Bronze files are together.</summary>
/// <param name="Records">How many there are.</param>
/// <param name="Rejected">How many of them are rejected, with a reason.</param>
/// <param name="UnknownMembers">Members of all records that the schema does not know.</param>
/// <param name="LeftOut">Foreign records that are left out, by emulation.</param>
/// <param name="InEventTimeOrder">Whether the accepted records are in order of event time.</param>
public sealed record DecodedTotals(long Records, long Rejected, long UnknownMembers, IReadOnlyDictionary<string, long> LeftOut, bool InEventTimeOrder)
{
    /// <summary>Adds up.</summary>
    /// <param name="files">The files, in the order of their records.</param>
    public static DecodedTotals Of(IReadOnlyCollection<FileSummary> files)
    {
        FileSummary[] dated = [.. files.Where(file => file.FirstEventTime is not null)];
        return new DecodedTotals(
            files.Sum(file => file.Records),
            files.Sum(file => file.Rejected),
            files.Sum(file => file.UnknownMembers),
            files.SelectMany(file => file.LeftOut).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value)),
            files.All(file => file.InEventTimeOrder) && dated.Zip(dated.Skip(1)).All(pair => pair.First.LastEventTime <= pair.Second.FirstEventTime));
    }
}
