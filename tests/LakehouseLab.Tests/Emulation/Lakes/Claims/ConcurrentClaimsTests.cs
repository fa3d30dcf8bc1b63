using CsCheck;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Tests.Storage;

namespace LakehouseLab.Tests.Emulation.Lakes.Claims;

/// <summary>Many emulations claim at once, while the claims are condensed and some of the claimers die: no row has two owners, and none is lost.</summary>
public sealed class ConcurrentClaimsTests
{
    private const int Claimers = 6;
    private const int Pieces = 9;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claims_OfManyAtOnceOfWhomSomeDie_NeverOverlapAndAreNeverLost() =>
        await Gen.Int[1, 60].Array[Claimers].SampleAsync(async deaths =>
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, Token);
            IReadOnlyList<RangeClaim>[] made = await Task.WhenAll(deaths.Select((death, claimer) => Task.Run(() => ClaimAsync(lake, claimer, death))));

            IReadOnlyList<RangeClaim> all = await new RangeClaims(lake, "transaction").ReadAsync(Token);
            RangeClaim[] inOrder = [.. all.Where(claim => claim.Range.Rows > 0).OrderBy(claim => claim.FirstRow)];
            Assert.All(inOrder.Zip(inOrder.Skip(1)), pair => Assert.True(pair.First.EndRow <= pair.Second.FirstRow, $"{pair.First} and {pair.Second} overlap"));
            for (int claimer = 0; claimer < Claimers; claimer++)
            {
                RowRange[] own = [.. all.Where(claim => claim.Emulation == IdOf(claimer)).Select(claim => claim.Range)];
                Assert.All(made[claimer], claim => Assert.Equal(claim.Rows, own.Sum(range => Math.Max(0, range.Intersect(claim.Range).Rows))));
            }

            // Whoever died goes on: its pieces are its own still, and the next rows follow all others.
            long next = await new RangeClaims(lake, "transaction").FindNextRowAsync(Token);
            Assert.Equal(next, (await new RangeClaims(lake, "transaction").ClaimNextAsync(IdOf(0), 5, Token)).FirstRow);
        }, iter: 8, threads: 1);

    [Fact]
    public async Task ClaimAsync_TheSameRangeByManyAtOnce_IsOneClaim()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new RangeClaims(lake, "transaction").ClaimAsync(new RangeClaim(IdOf(1), 100, 50), Token))));
        RangeClaim claim = Assert.Single(await new RangeClaims(lake, "transaction").ReadAsync(Token));
        Assert.Equal(new RangeClaim(IdOf(1), 100, 50), claim);
    }

    [Fact]
    public async Task ClaimAsync_OverlappingRangesAtOnce_HaveOneWinner()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(claimer => Task.Run(async () =>
        {
            try
            {
                await new RangeClaims(lake, "transaction").ClaimAsync(new RangeClaim(IdOf(claimer), claimer * 10, 200), Token);
                return true;
            }
            catch (RowsTakenException)
            {
                return false;
            }
        })));
        Assert.Single(won, static one => one);
        Assert.Single(await new RangeClaims(lake, "transaction").ReadAsync(Token));
    }

    // What it was told that it has. It dies at a write, and whether that claim was made it does not know.
    private static async Task<IReadOnlyList<RangeClaim>> ClaimAsync(Lake lake, int claimer, int death)
    {
        List<RangeClaim> made = [];
        RangeClaims claims = new(lake.Through(store => new FailingStore(store, death)), "transaction");
        try
        {
            for (int piece = 0; piece < Pieces; piece++)
            {
                made.Add(await claims.ClaimNextAsync(IdOf(claimer), 10 + piece, Token));
            }

            // It gives the half of its last piece back.
            RangeClaim last = made[^1];
            await claims.EndAsync(IdOf(claimer), last.FirstRow + 5, Token);
            made[^1] = last with { Rows = 5 };
        }
        catch (StorageException)
        {
            // It is dead. An end that it was about to write may have been written.
            if (made.Count == Pieces)
            {
                made.RemoveAt(Pieces - 1);
            }
        }

        return made;
    }

    private static Guid IdOf(int claimer) => new(claimer + 1, 0, 0, new byte[8]);
}
