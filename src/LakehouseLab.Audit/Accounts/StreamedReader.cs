using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Accounts;

/// <summary>
/// Finds out what streams of Spark ingested into a Bronze table. Their micro-batches have no progress records: the rows say how far each of them reached, and together
/// they must leave no offset out. How far the last one reached the checkpoint says too, where it is there.
/// </summary>
/// <param name="lake">The lake.</param>
internal sealed class StreamedReader(Lake lake)
{
    private readonly Dictionary<(string Source, long Batch), (long Least, long Most)> _reached = [];

    /// <summary>Reads it.</summary>
    /// <param name="flow">What is recorded of the table.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The spans, by partition and in order; nothing for a table that no stream wrote.</returns>
    public async Task<IReadOnlyList<StreamedSpan>> ReadAsync(FlowAccount flow, CancellationToken cancellationToken)
    {
        (int Number, IReadOnlyList<StreamedStart> Starts)[] streams =
            [.. flow.Batches.Where(batch => batch.Key <= flow.Committed && batch.Value.Stream is not null).OrderBy(batch => batch.Key).Select(batch => (batch.Key, batch.Value.Stream!))];
        if (streams.Length == 0)
        {
            return [];
        }

        // Who audits the table says what cannot be read.
        TableScan? scan = await TableScan.OpenAsync(lake.Store, new TableDeclaration(flow.Table, TableDeclaration.Lineage), new Tally(AuditLayer.Lake, flow.Table), cancellationToken).ConfigureAwait(false);
        await (scan?.VisitAsync(group => Note(group, flow.Recorded), cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        Dictionary<string, long> ends = await ReadEndsAsync(flow.Table, streams[^1].Number, cancellationToken).ConfigureAwait(false);
        StreamedStart[] starts = [.. streams.SelectMany(stream => stream.Starts)];
        return [.. _reached.Keys.Select(reached => reached.Source).Union(ends.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).SelectMany(source => SpansOf(source, starts, ends))];
    }

    private void Note(TableGroup group, int recorded)
    {
        long[] batches = new long[group.Rows];
        long[] offsets = new long[group.Rows];
        int[] numbers = new int[group.Rows];
        List<string> sources = [];
        IReadOnlyList<TableColumn> lineage = TableDeclaration.Lineage;
        group.Read(lineage[0], new NumberSink(batches, -1));
        group.Read(lineage[1], new RepeatedTextSink(null, numbers, text =>
        {
            sources.Add(Encoding.UTF8.GetString(text));
            return sources.Count - 1;
        }));
        group.Read(lineage[2], new NumberSink(offsets, -1));
        for (int row = 0; row < group.Rows; row++)
        {
            // Batches of records have small numbers, those of streams are instants.
            if (batches[row] >= recorded && numbers[row] >= 0 && offsets[row] >= 0)
            {
                ref (long Least, long Most) reached = ref CollectionsMarshal.GetValueRefOrAddDefault(_reached, (sources[numbers[row]], batches[row]), out bool isKnown);
                reached = isKnown ? (Math.Min(reached.Least, offsets[row]), Math.Max(reached.Most, offsets[row])) : (offsets[row], offsets[row]);
            }
        }
    }

    private IEnumerable<StreamedSpan> SpansOf(string source, StreamedStart[] starts, Dictionary<string, long> ends)
    {
        int dash = source.LastIndexOf('-');
        if (dash <= 0 || !int.TryParse(source.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int partition) || starts.FirstOrDefault(start => start.Topic == source[..dash]) is not { } any)
        {
            yield break;
        }

        // A partition that is new since is taken whole.
        Queue<StreamedStart> own = new(starts.Where(start => start.Topic == any.Topic && start.Partition == partition));
        StreamedStart start = own.Count > 0 ? own.Dequeue() : any with { Partition = partition, From = 0 };
        long next = start.From;
        long last = 0;
        foreach (((string _, long batch), (long least, long most)) in _reached.Where(reached => reached.Key.Source == source).OrderBy(reached => reached.Key.Batch))
        {
            while (least < next && own.Count > 0)
            {
                // Another topic of the name: its offsets begin again.
                start = own.Dequeue();
                next = start.From;
            }

            last = batch;
            if (most >= next)
            {
                yield return new StreamedSpan(start.Topic, start.TopicId, partition, next, most + 1, batch);
                next = most + 1;
            }
        }

        if (ends.TryGetValue(source, out long end) && end > next)
        {
            yield return new StreamedSpan(start.Topic, start.TopicId, partition, next, end, last);
        }
    }

    // Spark writes where micro-batch N ends before it, and that it is done after it.
    private async Task<Dictionary<string, long>> ReadEndsAsync(string table, int start, CancellationToken cancellationToken)
    {
        string checkpoint = string.Create(CultureInfo.InvariantCulture, $"{LakeLayout.Checkpoints}{table}/{start:D12}/");
        string commits = $"{checkpoint}commits/";
        long last = -1;
        await foreach (ObjectInfo item in lake.Store.ListAsync(commits, cancellationToken).ConfigureAwait(false))
        {
            last = long.TryParse(item.Key.AsSpan(commits.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long batch) ? Math.Max(last, batch) : last;
        }

        byte[]? offsets = last < 0 ? null : await lake.Store.ReadAsync(string.Create(CultureInfo.InvariantCulture, $"{checkpoint}offsets/{last}"), cancellationToken).ConfigureAwait(false);
        return offsets is null ? [] : Parse(offsets);
    }

    // A checkpoint that is damaged tells nothing: the rows do.
    private static Dictionary<string, long> Parse(byte[] offsets)
    {
        Dictionary<string, long> ends = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(offsets).TrimEnd().Split('\n')[^1]);
            foreach (JsonProperty topic in document.RootElement.EnumerateObject())
            {
                foreach (JsonProperty partition in topic.Value.EnumerateObject())
                {
                    ends[$"{topic.Name}-{partition.Name}"] = partition.Value.GetInt64();
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            ends.Clear();
        }

        return ends;
    }
}
