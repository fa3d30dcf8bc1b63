using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Lakes.Ledgers;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests.Storage;

namespace LakehouseLab.Tests.Emulation.Lakes.Ledgers;

/// <summary>Condensed entries are read as plain ones are, whatever died on the way to them.</summary>
public sealed class LedgerTests
{
    private const string Folder = "_lakelab/progress/silver.test/";

    private static readonly LedgerForm<RangeClaim> s_form = new(ClaimDocuments.Default.RangeClaim, ClaimDocuments.Default.CondensedClaims, Digits: 3)
    {
        Supplement = new LedgerSupplement<RangeClaim>("-end", static (claim, json, place) => claim.EndAt(LakeDocument.Read(json, place, ClaimDocuments.Default.ClaimEnd).EndRow)),
        Holds = static (held, claim) => held.Holds(claim),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CondenseAsync_ManyEntries_FewDocumentsTellTheSame()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        Ledger<RangeClaim> ledger = new(lake, Folder, s_form);
        List<RangeClaim> expected = [];
        for (int number = 0; number < 300; number++)
        {
            expected.Add(Entry(number));
            Assert.True(await ledger.TryAppendAsync(number, expected[number], Token));
            await ledger.CondenseAsync(number + 1, Token);
        }

        List<string> names = await NamesAsync(lake);
        Assert.Equal(["000-255.json", "256-271.json", "272-287.json", "288.json"], names.Take(4));
        Assert.Equal("299.json", names[^1]);
        Ledger<RangeClaim> other = new(lake, Folder, s_form);
        Assert.Equal(expected, await other.ReadAsync(Token));
        Assert.Equal(new LedgerTail<RangeClaim>(300, expected[^1]), await other.ReadTailAsync(Token));
    }

    [Fact]
    public async Task CondenseAsync_EntriesOfAnEarlierProgram_AreCondensedAtOnce()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        for (int number = 0; number < 300; number++)
        {
            await lake.Store.PutAsync($"{Folder}{number:D3}.json", LakeDocument.Write(Entry(number), s_form.Entry), Token);
        }

        Ledger<RangeClaim> ledger = new(lake, Folder, s_form);
        IReadOnlyList<RangeClaim> before = await ledger.ReadAsync(Token);
        await ledger.CondenseAsync(300, Token);
        Assert.Equal(["000-255.json", "256-271.json", "272-287.json", "288.json"], (await NamesAsync(lake)).Take(4));
        Assert.Equal(before, await ledger.ReadAsync(Token));
    }

    [Fact]
    public async Task CondenseAsync_KilledAtAnyWrite_NothingIsLost()
    {
        int writes = int.MaxValue;
        for (int death = 0; death < writes; death++)
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, Token);
            IReadOnlyList<RangeClaim> expected = await FillAsync(lake, 35, ended: 3);
            FailingStore store = null!;
            int last = death;
            Ledger<RangeClaim> killed = new(lake.Through(inner => store = new FailingStore(inner, last)), Folder, s_form);
            Task task = killed.CondenseAsync(35, Token);
            writes = await Task.WhenAny(task) is { IsCompletedSuccessfully: true } ? store.Writes : writes;

            Ledger<RangeClaim> next = new(lake, Folder, s_form);
            Assert.Equal(expected, await next.ReadAsync(Token));
            await next.CondenseAsync(35, Token);
            Assert.Equal(expected, await next.ReadAsync(Token));
            Assert.Equal(["000-015.json", "016-031.json", "032.json", "033.json", "034.json"], (await NamesAsync(lake)).Where(name => name != "003-end.json"));
        }

        Assert.InRange(writes, 34, 40);
    }

    [Fact]
    public async Task CondenseAsync_UnfinishedAndLastEntries_StayAsTheyAre()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await FillAsync(lake, 32);
        await new Ledger<RangeClaim>(lake, Folder, s_form).CondenseAsync(15, Token);
        Assert.Equal(32, (await NamesAsync(lake)).Count);
        await new Ledger<RangeClaim>(lake, Folder, s_form).CondenseAsync(32, Token);
        Assert.Equal(17, (await NamesAsync(lake)).Count);
    }

    [Fact]
    public async Task ReadAsync_SupplementOfACondensedEntry_Counts()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await FillAsync(lake, 300);
        Ledger<RangeClaim> ledger = new(lake, Folder, s_form);
        await ledger.CondenseAsync(20, Token);
        await ledger.SupplementAsync(7, LakeDocument.Write(new ClaimEnd(71), ClaimDocuments.Default.ClaimEnd), Token);
        Assert.Equal(71, (await ledger.ReadAsync(Token))[7].EndRow);

        await ledger.CondenseAsync(300, Token);
        Assert.DoesNotContain("007-end.json", await NamesAsync(lake));
        Assert.Equal(71, (await new Ledger<RangeClaim>(lake, Folder, s_form).ReadAsync(Token))[7].EndRow);
    }

    [Fact]
    public async Task TryAppendAsync_NumberThatWasCondensed_IsTaken()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        IReadOnlyList<RangeClaim> expected = await FillAsync(lake, 20);
        Ledger<RangeClaim> ledger = new(lake, Folder, s_form);
        await ledger.CondenseAsync(20, Token);

        // Whoever counted the entries before the others came would find the key free.
        Assert.False(await ledger.TryAppendAsync(5, new RangeClaim(Guid.Empty, 1_000, 1), Token));
        Assert.Equal(expected, await ledger.ReadAsync(Token));
        Assert.Equal(5, (await NamesAsync(lake)).Count);
    }

    [Fact]
    public async Task ReadAsync_CondensedMeanwhile_ReadsWhatBecameOfThem()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        IReadOnlyList<RangeClaim> expected = await FillAsync(lake, 20);
        RacingStore store = null!;
        Lake racing = lake.Through(inner => store = new RacingStore(inner));
        store.BeforeFirstRead = () => new Ledger<RangeClaim>(lake, Folder, s_form).CondenseAsync(20, Token);
        Assert.Equal(expected, await new Ledger<RangeClaim>(racing, Folder, s_form).ReadAsync(Token));
    }

    [Theory]
    [InlineData("000-015.json", "000.json is missing though later ones are there")]
    [InlineData("017.json", "017.json is missing though later ones are there")]
    public async Task ReadAsync_DocumentLost_NamesTheFirstEntryThatIsMissing(string lost, string message)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await FillAsync(lake, 20);
        await new Ledger<RangeClaim>(lake, Folder, s_form).CondenseAsync(20, Token);
        await lake.Store.DeleteAsync(Folder + lost, Token);
        LakeException refusal = await Assert.ThrowsAsync<LakeException>(() => new Ledger<RangeClaim>(lake, Folder, s_form).ReadTailAsync(Token));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_CondensedDocumentShortened_IsDamaged()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        IReadOnlyList<RangeClaim> entries = await FillAsync(lake, 20);
        await new Ledger<RangeClaim>(lake, Folder, s_form).CondenseAsync(20, Token);
        await lake.Store.PutAsync($"{Folder}000-015.json", LakeDocument.Write(new CondensedEntries<RangeClaim>([.. entries.Take(15)]), s_form.Condensed), Token);
        LakeException refusal = await Assert.ThrowsAsync<LakeException>(() => new Ledger<RangeClaim>(lake, Folder, s_form).ReadAsync(Token));
        Assert.Contains("000-015.json is damaged: it holds 15 entries, and its name says 16", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CondenseAsync_LeftoverThatSaysSomethingElse_IsKept()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await FillAsync(lake, 20);
        await new Ledger<RangeClaim>(lake, Folder, s_form).CondenseAsync(20, Token);
        await lake.Store.PutAsync($"{Folder}003.json", LakeDocument.Write(new RangeClaim(Guid.Empty, 1_000, 1), s_form.Entry), Token);
        await lake.Store.PutAsync($"{Folder}004.json", LakeDocument.Write(Entry(4), s_form.Entry), Token);
        await new Ledger<RangeClaim>(lake, Folder, s_form).CondenseAsync(20, Token);
        List<string> names = await NamesAsync(lake);
        Assert.Contains("003.json", names);
        Assert.DoesNotContain("004.json", names);
    }

    private static RangeClaim Entry(int number) => new(new Guid(number, 0, 0, new byte[8]), number * 10, 10);

    private static async Task<IReadOnlyList<RangeClaim>> FillAsync(Lake lake, int count, int? ended = null)
    {
        Ledger<RangeClaim> ledger = new(lake, Folder, s_form);
        for (int number = 0; number < count; number++)
        {
            await ledger.TryAppendAsync(number, Entry(number), Token);
        }

        if (ended is { } entry)
        {
            await ledger.SupplementAsync(entry, LakeDocument.Write(new ClaimEnd((entry * 10) + 1), ClaimDocuments.Default.ClaimEnd), Token);
        }

        return await ledger.ReadAsync(Token);
    }

    private static async Task<List<string>> NamesAsync(Lake lake)
    {
        List<string> names = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(Folder, Token))
        {
            names.Add(item.Key[Folder.Length..]);
        }

        return names;
    }
}
