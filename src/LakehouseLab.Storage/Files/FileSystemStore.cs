using System.Runtime.CompilerServices;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Storage.Files;

/// <summary>Objects as files below a folder. What is being written is in <c>.staging</c> until it is whole.</summary>
/// <remarks>Durable as the file system is: a file and its folder are flushed before it counts as put.</remarks>
public sealed class FileSystemStore : IObjectStore
{
    private const string StagingFolder = ".staging";
    private const int BufferSize = 1 << 16;

    private readonly IDiskFlush _flush;

    /// <summary>Opens a store; the folder need not exist yet.</summary>
    /// <param name="root">The folder.</param>
    public FileSystemStore(string root)
        : this(root, DiskFlush.Instance)
    {
    }

    /// <summary>Opens a store with a way of its own to make things durable.</summary>
    internal FileSystemStore(string root, IDiskFlush flush)
    {
        _flush = flush;
        Location = root;
        Root = Path.GetFullPath(root);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    private string Staging => Path.Combine(Root, StagingFolder);

    /// <inheritdoc/>
    public ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Guard<ObjectInfo?>(key, "look for", () =>
        {
            FileInfo file = new(PathOf(key));
            return file.Exists ? Describe(key, file) : null;
        }));

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Guard(key, "read", () =>
        {
            try
            {
                return File.ReadAllBytes(PathOf(key));
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }));

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Guard<Stream>(key, "read", () =>
        {
            FileStream stream = new(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            stream.Position = offset;
            return stream;
        }));

    /// <inheritdoc/>
    public ValueTask<string> GetLocalPathAsync(string key, LocalLease lease, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Guard(key, "read", () =>
        {
            string path = PathOf(key);
            return File.Exists(path) ? path : throw new FileNotFoundException("there is no such file");
        }));

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, string.Empty, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ObjectInfo> objects = Guard(prefix, "list", () => List(prefix, after, cancellationToken));
        foreach (ObjectInfo item in objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Put(key, content.Span, overwrite: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Put(key, content.Span, overwrite: false));

    /// <inheritdoc/>
    public ValueTask<ObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ObjectWriter>(Guard(key, "write", () => new FileObjectWriter(this, key)));

    /// <inheritdoc/>
    public StagedFile Stage(string extension) => new LocalStagedFile(this, Guard(StagingFolder, "write", () => NewStagingPath(extension)));

    /// <inheritdoc/>
    public ScratchFolder CreateScratch() => new(Guard(StagingFolder, "write", () => Directory.CreateDirectory(NewStagingPath(string.Empty)).FullName));

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Guard(key, "delete", () =>
        {
            try
            {
                File.Delete(PathOf(key));
            }
            catch (DirectoryNotFoundException)
            {
                // No folder, no object.
            }

            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>Folders are made with the first object in them.</remarks>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public IDisposable? TryLock(string key) => LocalLock.TryTake(PathOf(key), Location);

    /// <inheritdoc/>
    public IDisposable? TryShareLock(string key) => LocalLock.TryShare(PathOf(key), Location);

    /// <inheritdoc/>
    public void DeleteLocks(string prefix) => LocalLock.DeleteAll(PathOf(prefix.TrimEnd('/')), Location);

    /// <inheritdoc/>
    public ValueTask DeleteAbandonedAsync(CancellationToken cancellationToken)
    {
        Guard(StagingFolder, "clean", () =>
        {
            if (Directory.Exists(Staging))
            {
                Directory.Delete(Staging, recursive: true);
            }

            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <summary>Moves a whole, flushed file to its key.</summary>
    internal bool Publish(string stagedPath, string key, bool overwrite) => Guard(key, "write", () =>
    {
        string path = PathOf(key);
        string folder = Path.GetDirectoryName(path)!;
        CreateFolder(folder);
        if (overwrite)
        {
            File.Move(stagedPath, path, overwrite: true);
        }
        else if (!ExclusiveMove.TryMove(stagedPath, path))
        {
            return false;
        }

        _flush.FlushFolder(folder);
        return true;
    });

    /// <summary>A new path below the staging folder.</summary>
    internal string NewStagingPath(string extension)
    {
        Directory.CreateDirectory(Staging);
        return Path.Combine(Staging, Path.GetRandomFileName() + extension);
    }

    /// <summary>Runs an operation of the file system and turns its failures into one sentence.</summary>
    internal T Guard<T>(string key, string verb, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFailure.Describe(verb, Path.Combine(Location, key), exception);
        }
    }

    private bool Put(string key, ReadOnlySpan<byte> content, bool overwrite)
    {
        string path = Guard(key, "write", () => NewStagingPath(string.Empty));
        try
        {
            using (FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(content);
                _flush.FlushFile(stream);
            }

            return Publish(path, key, overwrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFailure.Describe("write", Path.Combine(Location, key), exception);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // A new folder is durable when the folder that holds it was flushed.
    private void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(folder);
        if (parent is not null && !string.Equals(folder, Root, StringComparison.Ordinal))
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(folder);
        if (parent is not null)
        {
            _flush.FlushFolder(parent);
        }
    }

    private List<ObjectInfo> List(string prefix, string after, CancellationToken cancellationToken)
    {
        List<ObjectInfo> objects = [];
        string folder = prefix.Length == 0 ? Root : PathOf(prefix.TrimEnd('/'));
        if (!Directory.Exists(folder))
        {
            return objects;
        }

        bool listsStaging = prefix.StartsWith(IObjectStore.Staging, StringComparison.Ordinal);
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string key = Path.GetRelativePath(Root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (string.CompareOrdinal(key, after) > 0 && (listsStaging || !key.StartsWith(IObjectStore.Staging, StringComparison.Ordinal)) && TryDescribe(key, file) is { } item)
            {
                objects.Add(item);
            }
        }

        objects.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        return objects;
    }

    // Null for a file that was deleted since it was listed.
    private static ObjectInfo? TryDescribe(string key, FileInfo file)
    {
        try
        {
            return Describe(key, file);
        }
        catch (FileNotFoundException exception)
        {
            return key.Contains('\uFFFD', StringComparison.Ordinal)
                ? throw new IOException($"the name of {file.FullName} is not UTF-8: rename the file or take it away", exception)
                : null;
        }
    }

    private static ObjectInfo Describe(string key, FileInfo file) => new(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));

    private string PathOf(string key)
    {
        ObjectKey.Check(key);
        return Path.Combine(Root, key);
    }

    private sealed class FileObjectWriter : ObjectWriter
    {
        private readonly FileSystemStore _store;
        private readonly string _key;
        private readonly string _path;
        private readonly FileStream _stream;

        public FileObjectWriter(FileSystemStore store, string key)
        {
            _store = store;
            _key = key;
            _path = store.NewStagingPath(string.Empty);
            _stream = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            try
            {
                _stream.Write(bytes.Span);
                return ValueTask.CompletedTask;
            }
            catch (IOException exception)
            {
                throw FileSystemFailure.Describe("write", Path.Combine(_store.Location, _key), exception);
            }
        }

        // A flush waits for the disk: the caller can make the next object meanwhile.
        public override ValueTask<bool> TryCompleteAsync(CancellationToken cancellationToken) => new(Task.Run(TryComplete, cancellationToken));

        public override ValueTask DisposeAsync()
        {
            try
            {
                _stream.Dispose();
            }
            catch (IOException)
            {
                // A full disk fails the last flush of bytes that are dropped anyway.
            }

            File.Delete(_path);
            return ValueTask.CompletedTask;
        }

        private bool TryComplete()
        {
            try
            {
                _store._flush.FlushFile(_stream);
            }
            catch (IOException exception)
            {
                throw FileSystemFailure.Describe("write", Path.Combine(_store.Location, _key), exception);
            }

            _stream.Dispose();
            return _store.Publish(_path, _key, overwrite: false);
        }
    }

    private sealed class LocalStagedFile(FileSystemStore store, string path) : StagedFile
    {
        public override string Path => path;

        public override ValueTask<bool> TryPublishAsync(string key, CancellationToken cancellationToken)
        {
            store.Guard(key, "write", () =>
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                store._flush.FlushFile(stream);
                return true;
            });
            return ValueTask.FromResult(store.Publish(path, key, overwrite: false));
        }

        protected override void Dispose(bool disposing) => File.Delete(path);
    }
}
