using LakehouseLab.Storage.Failures;
using ParquetSharp;

namespace LakehouseLab.Tests.Storage.Failures;

public sealed class ParquetMessageTests
{
    [Fact]
    public void Of_DamagedFile_SaysWhatWithoutTypesOfCpp()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("no.parquet"), "this is not a Parquet file, though it has some length");
        Exception exception = Assert.ThrowsAny<Exception>(() => new ParquetFileReader(folder.Combine("no.parquet")));
        Assert.Contains("magic bytes", ParquetMessage.Of(exception), StringComparison.Ordinal);
        Assert.DoesNotContain("parquet38", ParquetMessage.Of(exception), StringComparison.Ordinal);
        Assert.DoesNotContain("(message", ParquetMessage.Of(exception), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OtherException_IsItsMessage() => Assert.Equal("a b", ParquetMessage.Of(new IOException("a\nb")));
}
