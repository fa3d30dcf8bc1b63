using System.Collections.Concurrent;
using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Formats.Parquet;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Failures;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Bronze.Topics;

/// <summary>Writes the messages of a batch's offsets into Bronze files, several partitions at once, and commits them together.</summary>
internal sealed class TopicBatch(
    Lake lake, DeltaTable table, TableName name, long number, IReadOnlyList<TopicRange> ranges, BronzeCounts counts, ITopicLog log, Domain domain, TimeProvider clock, IProgress<PipelineProgress>? progress)
{
    // Fewer are read sooner than another reader has connected.
    private const long OffsetsPerReader = 100_000;

    private const string Format = "json";
    private const int MessagesPerReport = 8192;

    private readonly long _total = ranges.Sum(range => range.Span.Length);
    private readonly DateTimeOffset _ingestedAt = clock.GetUtcNow();
    private readonly ConcurrentDictionary<(string Topic, int Partition), byte[]> _last = [];
    private readonly BronzeWrite _write = new(lake, table, name, number, clock);
    private long _done;
    private long _records;
    private long _bytes;

    /// <summary>Runs the batch.</summary>
    /// <exception cref="BrokerException">The cluster cannot be read, or has some of the offsets no more.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    /// <exception cref="ModelException">Another writer changed the table meanwhile.</exception>
    public async Task<BronzeResult> RunAsync(int threads, CancellationToken cancellationToken)
    {
        await _write.RunAsync(Group(threads), WriteAsync, counts.KeepAsync, threads, cancellationToken).ConfigureAwait(false);
        return new BronzeResult(0, _records, _bytes) { EventTime = _last.Values.Max(record => EventTimes.TryRead(domain, record)) };
    }

    // The largest range first, each to the group that has least; a reader reads one topic.
    private List<List<TopicRange>> Group(int threads)
    {
        List<List<TopicRange>> groups = [];
        foreach (IGrouping<string, TopicRange> topic in ranges.Where(range => range.Span.Length > 0).GroupBy(range => range.Topic))
        {
            int readers = (int)Math.Clamp(topic.Sum(range => range.Span.Length) / OffsetsPerReader, 1, Math.Min(threads, topic.Count()));
            (List<TopicRange> Ranges, long Length)[] shares = [.. Enumerable.Range(0, readers).Select(_ => (new List<TopicRange>(), 0L))];
            foreach (TopicRange range in topic.OrderByDescending(range => range.Span.Length))
            {
                int least = Array.IndexOf(shares, shares.MinBy(share => share.Length));
                shares[least].Ranges.Add(range);
                shares[least].Length += range.Span.Length;
            }

            groups.AddRange(shares.Select(share => share.Ranges));
        }

        return groups;
    }

    private async Task<IReadOnlyList<WrittenFile>> WriteAsync(int group, List<TopicRange> part, string path, CancellationToken cancellationToken)
    {
        DataFilePublisher publisher = _write.PublisherOf(group);
        List<WrittenFile> written = [];
        using ITopicReader reader = log.Open(part[0].Topic, [.. part.Select(range => range.Span)]);
        try
        {
            for (bool more = true; more;)
            {
                using (BronzeFile file = new(path, number, _ingestedAt.ToUnixTimeMilliseconds() * 1000))
                {
                    more = Fill(file, reader, part[0].Topic, cancellationToken);
                    file.Close();
                    Interlocked.Add(ref _records, file.Records);
                    Interlocked.Add(ref _bytes, file.Bytes);
                }

                written.AddRange(await publisher.PublishAsync([path], cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception exception) when (ParquetFailure.Is(exception))
        {
            throw ParquetFailure.Describe($"write {table.Location}", exception);
        }

        return written;
    }

    /// <returns>Whether there may be more messages than the file took.</returns>
    private bool Fill(BronzeFile file, ITopicReader reader, string topic, CancellationToken cancellationToken)
    {
        int partition = -1;
        Guid? emulation = null;
        byte[]? last = null;
        int unreported = 0;
        long count = 0;
        while (file.Bytes < BronzeWrite.BytesPerFile)
        {
            if (!reader.TryRead(out TopicMessage message, cancellationToken))
            {
                Report(unreported);
                Keep(topic, partition, last, count);
                return false;
            }

            if (message.Partition != partition || message.Header?.Emulation != emulation)
            {
                Keep(topic, partition, last, count);
                count = 0;
                partition = message.Partition;
                emulation = message.Header?.Emulation;
                file.Begin(Format, string.Create(CultureInfo.InvariantCulture, $"{topic}-{partition}"), emulation);
            }

            file.Add(message);
            last = message.Value;
            count++;
            if (++unreported == MessagesPerReport)
            {
                Report(unreported);
                unreported = 0;
            }
        }

        Report(unreported);
        Keep(topic, partition, last, count);
        return true;
    }

    private void Keep(string topic, int partition, byte[]? record, long count)
    {
        if (partition >= 0)
        {
            counts.Add(topic, partition, count);
        }

        if (record is not null)
        {
            _last[(topic, partition)] = record;
        }
    }

    private void Report(int messages) => progress?.Report(new PipelineProgress(name.ToString(), Interlocked.Add(ref _done, messages), _total));
}
