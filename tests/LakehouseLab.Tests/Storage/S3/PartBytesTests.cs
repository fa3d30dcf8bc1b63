using System.IO.Hashing;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Tests.Storage.S3;

/// <summary>The bytes of a part are those that were appended, however often and in whatever pieces they are read.</summary>
public sealed class PartBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Segments.Size)]
    [InlineData(Segments.Size + 1)]
    [InlineData((3 * Segments.Size) - 1)]
    public async Task Open_AppendedBytes_AreReadAgainAndAgain(int length)
    {
        byte[] content = Content(length);
        using PartBytes part = new();
        for (int at = 0; at < length; at += 100_003)
        {
            part.Append(content.AsSpan(at, Math.Min(100_003, length - at)));
        }

        Assert.Equal(length, part.Length);
        for (int time = 0; time < 2; time++)
        {
            await using Stream stream = part.Open();
            Assert.Equal(length, stream.Length);
            using MemoryStream read = new();
            await stream.CopyToAsync(read, 70_001, TestContext.Current.CancellationToken);
            Assert.Equal(content, read.ToArray());
        }
    }

    [Fact]
    public void Seek_WithinTheBytes_ReadsFromThere()
    {
        byte[] content = Content(2 * Segments.Size);
        using PartBytes part = new();
        part.Append(content);
        using Stream stream = part.Open();
        byte[] two = new byte[2];
        Assert.Equal(Segments.Size - 1, stream.Seek(Segments.Size - 1, SeekOrigin.Begin));
        stream.ReadExactly(two);
        Assert.Equal(content[(Segments.Size - 1)..(Segments.Size + 1)], two);
        Assert.Equal(Segments.Size + 3, stream.Seek(2, SeekOrigin.Current));
        Assert.Equal(content.Length, stream.Seek(0, SeekOrigin.End));
        Assert.Equal(0, stream.Read(two));
    }

    [Fact]
    public void Segments_GivenBack_AreUsedAgain()
    {
        byte[] segment = Segments.Take();
        Segments.Return(segment);
        List<byte[]> taken = [];
        try
        {
            while (taken.Count < 1_000 && !taken.Contains(segment))
            {
                taken.Add(Segments.Take());
            }

            Assert.Contains(segment, taken);
        }
        finally
        {
            taken.ForEach(Segments.Return);
        }
    }

    private static byte[] Content(int length)
    {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++)
        {
            content[i] = (byte)(XxHash32.HashToUInt32(BitConverter.GetBytes(i)) >> 24);
        }

        return content;
    }
}
