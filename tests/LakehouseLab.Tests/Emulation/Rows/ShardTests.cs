using CsCheck;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation.Rows;

/// <summary>Shards of a whole are that whole, each row once.</summary>
public sealed class ShardTests
{
    private static readonly EmulatedWorld s_world = new(new WorldSettings());

    [Fact]
    public void Of_AnyWhole_IsSplitWithoutGapOrOverlapIntoEqualParts() =>
        Gen.Select(Gen.Long[0, RowSelection.MaxRow / 2], Gen.Long[0, RowSelection.MaxRow / 2], Gen.Int[1, 300]).Sample((first, rows, count) =>
        {
            long row = first;
            for (int number = 1; number <= count; number++)
            {
                RowRange part = new Shard(number, count).Of(new RowRange(first, first + rows));
                Assert.Equal(row, part.FirstRow);
                Assert.InRange(part.Rows, rows / count, (rows / count) + 1);
                row = part.EndRow;
            }

            Assert.Equal(first + rows, row);
        }, iter: 200);

    [Theory]
    [InlineData(9_000)]
    [InlineData(3)]
    public void OfAll_Shards_AreTheWholeInEveryDomain(long rows)
    {
        RowSelection whole = new() { FirstRow = 10, Rows = rows };
        foreach ((Domain domain, RowRange range) in whole.OfAll(s_world))
        {
            long row = range.FirstRow;
            for (int number = 1; number <= 7; number++)
            {
                RowRange part = (whole with { Shard = new Shard(number, 7) }).OfAll(s_world).Single(one => one.Domain == domain).Range;
                Assert.Equal(row, part.FirstRow);
                row = part.EndRow;
            }

            Assert.Equal(range.EndRow, row);
        }
    }

    [Fact]
    public void Of_MoreShardsThanRows_IsRefusedByEachOfThem()
    {
        for (int number = 1; number <= 4; number++)
        {
            RowSelection selection = new() { Rows = 3, Shard = new Shard(number, 4) };
            InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => selection.Of(s_world, BuiltIn.Transaction));
            Assert.Equal($"shard {number}/4 of 3 rows of transaction: there are more shards than rows, so ask for more rows or fewer shards", refusal.Message);
        }
    }

    [Fact]
    public void Parse_AShard_IsReadAsItIsWritten()
    {
        Assert.Equal(new Shard(3, 16), Shard.Parse("3/16"));
        Assert.Equal("3/16", new Shard(3, 16).ToString());
    }
}
