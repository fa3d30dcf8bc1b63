using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;

namespace LakehouseLab.Tests.Emulation.Lakes.Claims;

/// <summary>Claims of a long life are few documents, and mean the same.</summary>
public sealed class RangeClaimsTests
{
    private static readonly Guid s_stream = new(1, 0, 0, new byte[8]);
    private static readonly Guid s_other = new(2, 0, 0, new byte[8]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClaimNextAsync_ManyPieces_AreFewDocumentsAndFewClaims()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        RangeClaims claims = new(lake, "transaction");
        for (int piece = 0; piece < 300; piece++)
        {
            await claims.ClaimNextAsync(s_stream, 100, Token);
        }

        await new RangeClaims(lake, "transaction").ClaimAsync(new RangeClaim(s_other, 200_000, 7), Token);
        IReadOnlyList<RangeClaim> all = await claims.ReadAsync(Token);
        Assert.Equal(301, all.Sum(claim => claim.Claims ?? 1));
        Assert.Equal(30_000, all.Where(claim => claim.Emulation == s_stream).Sum(claim => claim.Rows));
        Assert.True(all.Count < 50, $"{all.Count} claims");
        Assert.True(Directory.GetFiles(folder.Combine("_lakelab/ranges/transaction")).Length < 50);
        Assert.Equal(200_007, await claims.FindNextRowAsync(Token));
    }

    [Fact]
    public async Task ClaimAsync_RowsOfCondensedClaims_AreTakenOrOnesOwn()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await ClaimPiecesAsync(lake, 40);
        RangeClaims claims = new(lake, "transaction");
        await claims.ClaimAsync(new RangeClaim(s_stream, 300, 100), Token);
        Assert.Equal(40, (await claims.ReadAsync(Token)).Sum(claim => claim.Claims ?? 1));
        RowsTakenException refusal = await Assert.ThrowsAsync<RowsTakenException>(() => claims.ClaimAsync(new RangeClaim(s_other, 350, 10), Token));
        Assert.Contains(s_stream.ToString(), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3_950)]
    [InlineData(1_234)]
    [InlineData(0)]
    public async Task EndAsync_WithinCondensedClaims_GivesTheRestBack(long end)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await ClaimPiecesAsync(lake, 40);
        await new RangeClaims(lake, "transaction").EndAsync(s_stream, end, Token);
        RangeClaims claims = new(lake, "transaction");
        Assert.Equal(end, (await claims.ReadAsync(Token)).Sum(claim => claim.Range.Rows));
        Assert.Equal(end, (await claims.ClaimNextAsync(s_other, 50, Token)).FirstRow);

        // What comes after condenses the ends too.
        for (int piece = 0; piece < 220; piece++)
        {
            await claims.ClaimNextAsync(s_other, 1, Token);
        }

        IReadOnlyList<RangeClaim> all = await new RangeClaims(lake, "transaction").ReadAsync(Token);
        Assert.Equal(end, all.Where(claim => claim.Emulation == s_stream).Sum(claim => claim.Range.Rows));
        Assert.Empty(Directory.GetFiles(folder.Combine("_lakelab/ranges/transaction"), "*-end.json"));
    }

    private static async Task ClaimPiecesAsync(Lake lake, int pieces)
    {
        RangeClaims claims = new(lake, "transaction");
        for (int piece = 0; piece < pieces; piece++)
        {
            await claims.ClaimNextAsync(s_stream, 100, Token);
        }
    }
}
