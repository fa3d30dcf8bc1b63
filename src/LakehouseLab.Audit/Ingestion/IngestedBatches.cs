using LakehouseLab.Audit.Accounts;

namespace LakehouseLab.Audit.Ingestion;

/// <summary>Which batch of Bronze ingested which objects and offsets, as progress says. Immutable.</summary>
internal sealed class IngestedBatches
{
    private readonly Dictionary<string, List<IngestedSpan>> _spans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Replay> _replays = new(StringComparer.Ordinal);

    /// <summary>Follows the batches. Where records of progress are gone, nothing is known.</summary>
    /// <param name="flow">What is recorded of the table.</param>
    public IngestedBatches(FlowAccount flow)
    {
        Committed = flow.LastBatch;
        StreamedFrom = flow.Streamed.Count == 0 ? long.MaxValue : flow.Recorded;
        IsKnown = flow.Batches.Count >= flow.Recorded && flow.Recorded > flow.Committed;
        if (!IsKnown)
        {
            return;
        }

        HashSet<WithdrawnObject> withdrawn = [.. flow.Batches.Values.SelectMany(batch => batch.Withdrawn ?? [])];
        foreach ((int number, BatchDocument batch) in flow.Batches.OrderBy(batch => batch.Key))
        {
            foreach (IngestedObject item in (batch.Objects ?? []).Where(item => !withdrawn.Contains(new WithdrawnObject(number, item.Key))))
            {
                Add(item.Ingestion is { } again ? FormattableString.Invariant($"{item.Key}#{again}") : item.Key, new IngestedSpan(long.MinValue, long.MaxValue, number, null));
            }

            foreach (IngestedOffsets offsets in batch.Topics ?? [])
            {
                Add(FormattableString.Invariant($"{offsets.Topic}-{offsets.Partition}"), new IngestedSpan(offsets.From, offsets.Until, number, offsets.TopicId));
            }

            foreach (ReplayedDocument record in (batch.Replayed ?? []).Where(_ => number <= flow.Committed))
            {
                Replay replay = new(record.Replay is { } again ? FormattableString.Invariant($"{Replay.SourcePrefix}{record.Id}#{again}") : Replay.SourcePrefix + record.Id, number, record.Payload);
                _replays[replay.Source] = replay;
                Add(replay.Source, new IngestedSpan(Replay.Offset, Replay.Offset + 1, number, null));
            }
        }

        foreach (StreamedSpan span in flow.Streamed)
        {
            Add(span.Source, new IngestedSpan(span.From, span.Until, span.Batch, span.TopicId));
        }
    }

    /// <summary>Whether progress tells what every batch ingested.</summary>
    public bool IsKnown { get; }

    /// <summary>The least number of a micro-batch of a stream of Spark, which is the instant in milliseconds at which it ingested its records; greater than all when there is none.</summary>
    public long StreamedFrom { get; }

    /// <summary>The last batch that is in the table.</summary>
    public long Committed { get; }

    /// <summary>The repaired records that batches in the table appended, by source.</summary>
    public IReadOnlyDictionary<string, Replay> Replays => _replays;

    /// <summary>What was ingested of an object or a partition; nothing where nothing is recorded of it.</summary>
    public IReadOnlyList<IngestedSpan> Of(string source) => _spans.TryGetValue(source, out List<IngestedSpan>? spans) ? spans : [];

    private void Add(string source, IngestedSpan span)
    {
        if (!_spans.TryGetValue(source, out List<IngestedSpan>? spans))
        {
            spans = [];
            _spans.Add(source, spans);
        }

        spans.Add(span);
    }
}

/// <summary>Consecutive lines or offsets that a batch ingested.</summary>
/// <param name="From">The first.</param>
/// <param name="Until">The one after the last.</param>
/// <param name="Batch">The batch.</param>
/// <param name="TopicId">The topic's id; null for an object.</param>
internal readonly record struct IngestedSpan(long From, long Until, long Batch, string? TopicId)
{
    /// <summary>Whether it has a line or offset.</summary>
    public bool Has(long offset) => offset >= From && offset < Until;
}
