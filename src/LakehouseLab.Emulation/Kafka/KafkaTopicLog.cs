using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>The topics of a Kafka cluster.</summary>
/// <param name="connection">The cluster.</param>
public sealed class KafkaTopicLog(KafkaConnection connection) : ITopicLog, IDisposable
{
    private const int MaxAttempts = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly Lazy<IAdminClient> _admin = new(() => new AdminClientBuilder(new AdminClientConfig(connection.CreateConfig())).Build());

    /// <inheritdoc/>
    public async Task<TopicState?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await LookAsync(topic, cancellationToken).ConfigureAwait(false);
            }
            catch (ListOffsetsException exception)
            {
                Error error = exception.Result.ResultInfos.Select(result => result.TopicPartitionOffsetError.Error).FirstOrDefault(error => error.IsError) ?? exception.Error;
                if (attempt == MaxAttempts || !(error.Code == ErrorCode.UnknownTopicOrPart || KafkaFailure.IsUnavailable(error.Code)))
                {
                    throw KafkaFailure.Describe($"look at the offsets of topic {topic}", connection, error, exception);
                }

                // A topic or partition that is just being made or deleted: some brokers know of it and others do not.
                await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<long?> FindPositionAsync(string topic, Guid emulation, CancellationToken cancellationToken)
    {
        using EmulationPosition position = new(connection, topic, emulation);
        return await Task.Run(position.Read, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task WaitAsync(IReadOnlyCollection<TopicState> topics, TimeSpan patience, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            ConsumerConfig config = new(connection.CreateConfig())
            {
                GroupId = KafkaTopicReader.Group,
                EnableAutoCommit = false,
                AutoOffsetReset = AutoOffsetReset.Latest,
                IsolationLevel = IsolationLevel.ReadCommitted,
                QueuedMinMessages = 1,
                ConsumeResultFields = "none",
            };
            using IConsumer<Ignore, Ignore> consumer = new ConsumerBuilder<Ignore, Ignore>(config).SetErrorHandler(static (_, _) => { }).Build();
            consumer.Assign(topics.SelectMany(topic => topic.Partitions, static (topic, partition) => new TopicPartitionOffset(topic.Topic, partition.Partition, partition.End)));
            using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            wait.CancelAfter(patience);
            try
            {
                // The broker holds the answer back until there is something to tell.
                consumer.Consume(wait.Token);
            }
            catch (Exception exception) when ((exception is OperationCanceledException && !cancellationToken.IsCancellationRequested) || exception is ConsumeException)
            {
                // Nothing came, or the topic is another than before: whoever waits looks again.
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public ITopicReader Open(string topic, IReadOnlyList<OffsetSpan> spans) => new KafkaTopicReader(connection, topic, spans);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }
    }

    private async Task<TopicState?> LookAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            TopicDescription? found = await DescribeAsync(topic).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (found is null)
            {
                return null;
            }

            int[] partitions = [.. found.Partitions.Select(partition => partition.Partition).Order()];
            long[] starts = await OffsetsAsync(topic, partitions, OffsetSpec.Earliest()).WaitAsync(cancellationToken).ConfigureAwait(false);
            long[] ends = await OffsetsAsync(topic, partitions, OffsetSpec.Latest()).WaitAsync(cancellationToken).ConfigureAwait(false);
            return new TopicState(topic, found.TopicId.ToString(), [.. partitions.Select((partition, i) => new PartitionState(partition, starts[i], Math.Max(starts[i], ends[i])))]);
        }
        catch (KafkaException exception) when (exception is not ListOffsetsException)
        {
            throw KafkaFailure.Describe($"look at topic {topic}", connection, exception);
        }
    }

    private async Task<TopicDescription?> DescribeAsync(string topic)
    {
        try
        {
            DescribeTopicsResult result = await _admin.Value.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = s_patience }).ConfigureAwait(false);
            return result.TopicDescriptions[0];
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions is [{ Error.Code: var code }])
        {
            return code == ErrorCode.UnknownTopicOrPart ? null : throw KafkaFailure.Describe($"look at topic {topic}", connection, exception.Results.TopicDescriptions[0].Error, exception);
        }
    }

    private async Task<long[]> OffsetsAsync(string topic, int[] partitions, OffsetSpec which)
    {
        ListOffsetsResult result = await _admin.Value.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = which }),
            new ListOffsetsOptions { RequestTimeout = s_patience, IsolationLevel = IsolationLevel.ReadCommitted }).ConfigureAwait(false);
        return [.. result.ResultInfos.OrderBy(info => info.TopicPartitionOffsetError.Partition.Value).Select(info => info.TopicPartitionOffsetError.Offset.Value)];
    }
}
