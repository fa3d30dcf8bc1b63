using CsCheck;
using LakehouseLab.Pipeline.Keys;

namespace LakehouseLab.Tests.Pipeline.Keys;

public sealed class SortedHashesTests
{
    // Few different values, so that repeats and meetings are frequent; lengths on both sides of the choice of method.
    private static readonly Gen<long[]> s_run = Gen.OneOf(Gen.Long[-20, 20].Array[0, 40], Gen.Long[-2000, 2000].Array[500, 2000]).Select(hashes => (long[])[.. hashes.Order()]);

    [Fact]
    public void AddShared_AnyTwoRuns_FindsWhatSetsShare() => Gen.Select(s_run, s_run).Sample((left, right) =>
    {
        HashSet<long> found = [];
        bool any = SortedHashes.AddShared(left, right, found);
        return found.SetEquals(left.Intersect(right)) && any == (found.Count > 0);
    });

    [Fact]
    public void AddRepeated_AnyRun_FindsWhatOccursTwice() => s_run.Sample(run =>
    {
        HashSet<long> found = [];
        SortedHashes.AddRepeated(run, found);
        return found.SetEquals(run.GroupBy(hash => hash).Where(group => group.Count() > 1).Select(group => group.Key));
    });

    [Fact]
    public void FromBytes_OfToBytes_GivesTheHashesBack() =>
        s_run.Sample(run => SortedHashes.FromBytes(SortedHashes.ToBytes(run))!.SequenceEqual(run));

    [Fact]
    public void FromBytes_AnyByteChangedOrLost_IsNull() => Gen.Select(s_run, Gen.Int[0, int.MaxValue]).Sample((run, place) =>
    {
        byte[] bytes = SortedHashes.ToBytes(run);
        int at = place % bytes.Length;
        byte[] cut = bytes[..at];
        bytes[at] ^= 1;
        return SortedHashes.FromBytes(bytes) is null && SortedHashes.FromBytes(cut) is null;
    });

    [Fact]
    public void ToBytes_One_IsLittleEndian() => Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], SortedHashes.ToBytes([1])[..8]);
}
