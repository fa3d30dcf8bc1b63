using System.Text;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Formats.Parquet;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Pipeline.Bronze.Replays;

/// <summary>Writes the repaired records of a batch into a Bronze file and commits it.</summary>
internal sealed class ReplayBatch(
    Lake lake, DeltaTable table, TableName name, long number, IReadOnlyList<ReplayedRecord> records, TimeProvider clock)
{
    private readonly DateTimeOffset _ingestedAt = clock.GetUtcNow();
    private readonly BronzeWrite _write = new(lake, table, name, number, clock);

    /// <summary>Runs the batch.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    /// <exception cref="ModelException">Another writer changed the table meanwhile.</exception>
    public async Task<BronzeResult> RunAsync(CancellationToken cancellationToken)
    {
        await _write.RunAsync<ReplayedRecord>([[.. records]], WriteAsync, static _ => Task.CompletedTask, threads: 1, cancellationToken).ConfigureAwait(false);
        return new BronzeResult(0, records.Count, records.Sum(record => (long)Encoding.UTF8.GetByteCount(record.Payload)));
    }

    private async Task<IReadOnlyList<WrittenFile>> WriteAsync(int group, List<ReplayedRecord> some, string path, CancellationToken cancellationToken)
    {
        try
        {
            using (BronzeFile file = new(path, number, _ingestedAt.ToUnixTimeMilliseconds() * 1000))
            {
                foreach (ReplayedRecord record in some)
                {
                    file.Begin(ReplayedRecord.Format, record.Source, emulation: null);
                    file.Add(Encoding.UTF8.GetBytes(record.Payload), offset: 0);
                }

                file.Close();
            }

            return await _write.PublisherOf(group).PublishAsync([path], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ParquetFailure.Is(exception))
        {
            throw ParquetFailure.Describe($"write {table.Location}", exception);
        }
    }
}
