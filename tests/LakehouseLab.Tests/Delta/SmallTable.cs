using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Delta.Statistics;
using LakehouseLab.Storage.Files;
using ParquetSharp;

namespace LakehouseLab.Tests.Delta;

/// <summary>A Delta table in a folder of its own, with a clock that stands still until it is moved.</summary>
internal sealed class SmallTable : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallTable(string prefix = "t")
    {
        Store = new FileSystemStore(_folder.Path);
        Prefix = prefix;
        Table = new DeltaTable(Store, prefix);
    }

    public static StructType Schema { get; } = new(
    [
        new StructField("id", PrimitiveType.Int64),
        new StructField("name", PrimitiveType.Text),
        new StructField("at", PrimitiveType.Timestamp),
    ]);

    public FileSystemStore Store { get; }

    public string Prefix { get; }

    public DeltaTable Table { get; }

    public MovableClock Clock { get; } = new();

    public string Folder => Path.Combine(_folder.Path, Prefix);

    public string Log => Path.Combine(Folder, "_delta_log");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A file that no one wrote: enough for what reads the log alone.</summary>
    public static AddFile File(string path, bool dataChange = true, IReadOnlyDictionary<string, string?>? partition = null) =>
        new(path, partition ?? new Dictionary<string, string?>(), 1, 0, dataChange, null);

    public async Task CreateAsync(StructType? schema = null, IReadOnlyList<string>? partitions = null, params (string Name, string Value)[] properties)
    {
        TableMetadata metadata = new("test", schema ?? Schema, partitions ?? [], properties.ToDictionary(property => property.Name, property => property.Value), 0);
        await CommitAsync(DeltaTransaction.Create(Table, metadata, Clock));
    }

    /// <summary>Commits changes of the newest version.</summary>
    public async Task<CommitResult> ChangeAsync(Action<DeltaTransaction, Snapshot> change)
    {
        Snapshot snapshot = await Table.GetSnapshotAsync(Cancellation);
        DeltaTransaction transaction = DeltaTransaction.Begin(Table, snapshot, Clock);
        change(transaction, snapshot);
        return await CommitAsync(transaction);
    }

    public Task<CommitResult> AppendAsync(params string[] paths) => ChangeAsync((transaction, _) => Array.ForEach(paths, path => transaction.Add(File(path))));

    public static Task<CommitResult> CommitAsync(DeltaTransaction transaction) =>
        transaction.CommitAsync("TEST", new Dictionary<string, string> { ["mode"] = "Append" }, Cancellation);

    /// <summary>Paths of the files of a version.</summary>
    public async Task<string[]> PathsAsync(long? version = null) => [.. (await Table.GetSnapshotAsync(version, Cancellation)).Files.Select(file => file.Path)];

    /// <summary>Writes a commit as another program would.</summary>
    public void WriteCommit(long version, params string[] lines)
    {
        Directory.CreateDirectory(Log);
        System.IO.File.WriteAllLines(CommitPath(version), lines);
    }

    public string CommitPath(long version) => Path.Combine(Log, string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json"));

    /// <summary>Writes a Parquet file with rows (id, name, at) and describes it.</summary>
    public AddFile WriteRows(string path, IReadOnlyDictionary<string, string?>? partition, params (long? Id, string? Name, DateTime? At)[] rows)
    {
        string local = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(local)!);
        Column[] columns =
        [
            new Column<long?>("id"),
            new Column<string>("name"),
            new Column<DateTime?>("at", LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros)),
        ];
        using (ParquetFileWriter file = new(local, columns))
        {
            using RowGroupWriter group = file.AppendRowGroup();
            Write(group, rows.Select(row => row.Id));
            Write(group, rows.Select(row => row.Name!));
            Write(group, rows.Select(row => row.At));
            file.Close();
        }

        (string statistics, _) = ParquetStatistics.Read(local, Schema);
        return new AddFile(path, partition ?? new Dictionary<string, string?>(), new FileInfo(local).Length, 0, DataChange: true, statistics);
    }

    public void Dispose() => _folder.Dispose();

    private static void Write<T>(RowGroupWriter group, IEnumerable<T> values)
    {
        using LogicalColumnWriter<T> writer = group.NextColumn().LogicalWriter<T>();
        writer.WriteBatch([.. values]);
    }
}

/// <summary>A clock that a test moves.</summary>
internal sealed class MovableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
