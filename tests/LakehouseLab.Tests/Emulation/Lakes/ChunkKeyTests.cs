using LakehouseLab.Emulation.Lakes;

namespace LakehouseLab.Tests.Emulation.Lakes;

public sealed class ChunkKeyTests
{
    private const string Id = "0f5d7c1e-6c1c-8a3f-9d52-0123456789ab";

    [Theory]
    [InlineData("json")]
    [InlineData("csv.gz")]
    public void TryParse_KeyOfAChunk_IsTheSameChunk(string extension)
    {
        ChunkKey chunk = new("device_log", Guid.Parse(Id), 12, 345_678, extension);
        Assert.Equal($"raw/device_log/{Id}/00000012-0000000000345678.{extension}", chunk.ToString());
        Assert.Equal(chunk, ChunkKey.TryParse(chunk.ToString()));
    }

    [Theory]
    [InlineData($"raw/transaction/{Id}/00000012-0000000000345678.")]
    [InlineData($"raw/transaction/{Id}/12-345678.json")]
    [InlineData($"raw/transaction/{Id}/00000012_0000000000345678.json")]
    [InlineData($"raw/transaction/{Id}/0000001x-0000000000345678.json")]
    [InlineData($"raw/transaction/{Id}/00000012-000000000034567-.json")]
    [InlineData($"raw/transaction/{Id}/00000012-0000000000345678.json/more")]
    [InlineData($"raw/transaction/deeper/{Id}/00000012-0000000000345678.json")]
    [InlineData($"bronze/transaction/{Id}/00000012-0000000000345678.json")]
    [InlineData("raw/transaction/0f5d7c1e6c1c8a3f9d520123456789ab----/00000012-0000000000345678.json")]
    [InlineData("raw/other.json")]
    [InlineData("")]
    public void TryParse_AnotherKey_IsNone(string key) => Assert.Null(ChunkKey.TryParse(key));
}
