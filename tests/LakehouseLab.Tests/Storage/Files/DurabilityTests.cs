using LakehouseLab.Storage.Files;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage.Files;

/// <summary>What counts as put survives a loss of power: the file's bytes are flushed before it has its name, and its folder after that.</summary>
public sealed class DurabilityTests
{
    private const string Key = "a/b/object";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ways => ["put", "put if absent", "stream", "stage"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Put_AnyWay_FlushesTheFileBeforeItHasItsNameAndItsFolderAfter(string way)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Combine("a/b"));
        RecordedFlush flush = new(folder.Combine(Key));
        await PutAsync(new FileSystemStore(folder.Path, flush), way);
        Assert.Equal([(false, "file of 7 bytes"), (true, folder.Combine("a/b"))], flush.Flushed);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Put_IntoNewFolders_FlushesTheFoldersThatHoldThem(string way)
    {
        using TemporaryFolder folder = new();
        RecordedFlush flush = new(folder.Combine(Key));
        await PutAsync(new FileSystemStore(folder.Path, flush), way);
        Assert.Equal([(false, "file of 7 bytes"), (false, folder.Path), (false, folder.Combine("a")), (true, folder.Combine("a/b"))], flush.Flushed);
    }

    [Fact]
    public async Task TryPut_KeyIsTaken_LeavesTheFolderAsItWas()
    {
        using TemporaryFolder folder = new();
        RecordedFlush flush = new(folder.Combine(Key));
        FileSystemStore store = new(folder.Path, flush);
        await store.TryPutAsync(Key, "other"u8.ToArray(), Cancellation);
        flush.Flushed.Clear();
        Assert.False(await store.TryPutAsync(Key, "content"u8.ToArray(), Cancellation));
        Assert.Equal([(true, "file of 7 bytes")], flush.Flushed);
    }

    private static async Task PutAsync(FileSystemStore store, string way)
    {
        byte[] content = "content"u8.ToArray();
        switch (way)
        {
            case "put":
                await store.PutAsync(Key, content, Cancellation);
                break;
            case "put if absent":
                Assert.True(await store.TryPutAsync(Key, content, Cancellation));
                break;
            case "stream":
                await using (ObjectWriter writer = await store.CreateAsync(Key, Cancellation))
                {
                    await writer.WriteAsync(content, Cancellation);
                    Assert.True(await writer.TryCompleteAsync(Cancellation));
                }

                break;
            default:
                using (StagedFile staged = store.Stage(".x"))
                {
                    await File.WriteAllBytesAsync(staged.Path, content, Cancellation);
                    Assert.True(await staged.TryPublishAsync(Key, Cancellation));
                }

                break;
        }
    }

    /// <summary>Tells what was flushed, in order, and whether the object was seen under its name then.</summary>
    private sealed class RecordedFlush(string path) : IDiskFlush
    {
        public List<(bool Seen, string What)> Flushed { get; } = [];

        public void FlushFile(FileStream file)
        {
            DiskFlush.Instance.FlushFile(file);
            Flushed.Add((File.Exists(path), FormattableString.Invariant($"file of {file.Length} bytes")));
        }

        public void FlushFolder(string folder)
        {
            DiskFlush.Instance.FlushFolder(folder);
            Flushed.Add((File.Exists(path), folder));
        }
    }
}
