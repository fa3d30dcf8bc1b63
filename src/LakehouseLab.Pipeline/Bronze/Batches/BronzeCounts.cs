using System.Collections.Concurrent;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Pipeline.Flows;

namespace LakehouseLab.Pipeline.Bronze.Batches;

/// <summary>Counts the records that a batch gets from each of its sources, and adds them to its record before the batch commits. Thread-safe.</summary>
/// <param name="flow">The flow's progress.</param>
/// <param name="batch">The batch's number.</param>
/// <param name="inputs">What it recorded.</param>
internal sealed class BronzeCounts(FlowProgress<BronzeInputs> flow, long batch, BronzeInputs inputs)
{
    private readonly ConcurrentDictionary<string, long> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Topic, int Partition), long> _partitions = [];

    /// <summary>An object gave so many records.</summary>
    public void Add(RawObject item, long records) => _objects[item.Key] = records;

    /// <summary>A partition gave so many more messages.</summary>
    public void Add(string topic, int partition, long records) => _partitions.AddOrUpdate((topic, partition), records, (_, earlier) => earlier + records);

    /// <summary>Adds the counts to the record, unless it has them already.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        // What was withdrawn or lost since has no count.
        RawObject[] objects = [.. inputs.Objects.Select(item => item with { Records = _objects.TryGetValue(item.Key, out long records) ? records : null })];
        TopicRange[] topics = [.. (inputs.Topics ?? []).Select(range => range with { Records = _partitions.GetValueOrDefault((range.Topic, range.Partition)) })];
        if (!objects.SequenceEqual(inputs.Objects) || !topics.SequenceEqual(inputs.Topics ?? []))
        {
            await flow.CompleteAsync(batch, inputs with { Objects = objects, Topics = inputs.Topics is null ? null : topics }, cancellationToken).ConfigureAwait(false);
        }
    }
}
