using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Parquet;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Bronze.Objects;

/// <summary>Writes the records of a batch's objects into Bronze files, many objects to a file, and commits them at once.</summary>
internal sealed class BronzeBatch(
    Lake lake, Domain domain, DeltaTable table, TableName name, long number, IReadOnlyList<RawObject> objects, BronzeCounts counts, TimeProvider clock, IProgress<PipelineProgress>? progress)
{
    private readonly long _totalBytes = objects.Sum(item => item.Length);
    private readonly DateTimeOffset _ingestedAt = clock.GetUtcNow();
    private readonly ManifestStore _manifests = new(lake.Store);
    private readonly BronzeWrite _write = new(lake, table, name, number, clock);
    private long _readBytes;
    private long _records;
    private long _recordBytes;

    /// <summary>Runs the batch.</summary>
    /// <exception cref="LakeException">An object is damaged, or holds a record that no table can hold.</exception>
    /// <exception cref="StorageException">An object is missing or cannot be read, or the disk failed.</exception>
    /// <exception cref="ModelException">Another writer changed the table meanwhile.</exception>
    public async Task<BronzeResult> RunAsync(int threads, CancellationToken cancellationToken)
    {
        await _write.RunAsync(Group(), WriteAsync, counts.KeepAsync, threads, cancellationToken).ConfigureAwait(false);
        return new BronzeResult(objects.Count, _records, _recordBytes);
    }

    private List<List<RawObject>> Group()
    {
        List<List<RawObject>> groups = [];
        long bytes = 0;
        foreach (RawObject item in objects)
        {
            if (groups.Count == 0 || bytes + item.Length > BronzeWrite.BytesPerFile)
            {
                groups.Add([]);
                bytes = 0;
            }

            groups[^1].Add(item);
            bytes += item.Length;
        }

        return groups;
    }

    // One object may be far larger than a file should be, so a group can give several.
    private async Task<IReadOnlyList<WrittenFile>> WriteAsync(int group, List<RawObject> some, string path, CancellationToken cancellationToken)
    {
        DataFilePublisher publisher = _write.PublisherOf(group);
        List<WrittenFile> written = [];
        BronzeFile? file = null;
        try
        {
            foreach (RawObject item in some)
            {
                using RecordReader records = await OpenAsync(item, cancellationToken).ConfigureAwait(false);
                long readBefore = 0;
                long count = 0;
                file?.Begin(item);
                while (TryAdd(records, ref file, ref count, item, path, cancellationToken))
                {
                    Report(records.BytesRead - readBefore);
                    readBefore = records.BytesRead;
                    if (file?.Bytes >= BronzeWrite.BytesPerFile)
                    {
                        await EndAsync(file, path, publisher, written, cancellationToken).ConfigureAwait(false);
                        file = null;
                    }
                }

                Report(records.BytesRead - readBefore);
                counts.Add(item, count);
            }

            if (file is not null)
            {
                await EndAsync(file, path, publisher, written, cancellationToken).ConfigureAwait(false);
                file = null;
            }
        }
        catch (Exception exception) when (ParquetFailure.Is(exception))
        {
            throw ParquetFailure.Describe($"write {table.Location}", exception);
        }
        finally
        {
            file?.Dispose();
        }

        return written;
    }

    private void Report(long bytes) => progress?.Report(new PipelineProgress(name.ToString(), Interlocked.Add(ref _readBytes, bytes), _totalBytes));

    // Adds records until a block of them is done, so that the asynchronous caller is asked rarely.
    private bool TryAdd(RecordReader records, ref BronzeFile? file, ref long count, RawObject item, string path, CancellationToken cancellationToken)
    {
        const int RecordsPerBlock = 8192;
        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < RecordsPerBlock; i++)
        {
            if (!records.TryRead(out ReadOnlySpan<byte> record))
            {
                return false;
            }

            if (file is null)
            {
                file = new BronzeFile(path, number, _ingestedAt.ToUnixTimeMilliseconds() * 1000);
                file.Begin(item);
            }

            file.Add(record, records.Offset);
            count++;
        }

        return true;
    }

    private async Task<RecordReader> OpenAsync(RawObject item, CancellationToken cancellationToken)
    {
        IObjectStore store = _manifests.StoreOf(item.Destination);
        return await FormatReaders.OpenAsync(store, item.Key, domain.Schema, ChunkFormat.OfRaw(item.Key), cancellationToken).ConfigureAwait(false);
    }

    private async Task EndAsync(BronzeFile file, string path, DataFilePublisher publisher, List<WrittenFile> written, CancellationToken cancellationToken)
    {
        file.Close();
        file.Dispose();
        Interlocked.Add(ref _records, file.Records);
        Interlocked.Add(ref _recordBytes, file.Bytes);
        written.AddRange(await publisher.PublishAsync([path], cancellationToken).ConfigureAwait(false));
    }
}
