using Confluent.Kafka;
using Confluent.Kafka.Admin;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Emulation.Sinks.Kafka;

/// <summary>Makes topics that are not there.</summary>
internal static class TopicCreation
{
    private const int MostLooks = 20;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes a topic unless there is one, and tells its id.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="topic">The topic's name.</param>
    /// <param name="settings">How it is made.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The id: another topic of the same name has another one.</returns>
    /// <exception cref="BrokerException">The cluster cannot be reached, or does not let the topic be made.</exception>
    public static async Task<string> EnsureAsync(KafkaConnection connection, string topic, TopicSettings settings, CancellationToken cancellationToken)
    {
        using IAdminClient admin = new AdminClientBuilder(connection.CreateConfig()).SetErrorHandler(static (_, _) => { }).Build();
        try
        {
            if (await FindIdAsync(admin, topic).WaitAsync(cancellationToken).ConfigureAwait(false) is { } there)
            {
                return there;
            }

            await CreateAsync(admin, topic, settings).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await WaitForIdAsync(admin, topic, cancellationToken).ConfigureAwait(false)
                ?? throw new BrokerException($"topic {topic} was created at Kafka {connection.BootstrapServers} and is not visible yet: run the same command again", isUnavailable: true);
        }
        catch (KafkaException exception)
        {
            throw KafkaFailure.Describe($"make topic {topic}", connection, exception);
        }
    }

    // A broker learns a moment later of a topic that it did not make itself, as of one that another process has just made.
    private static async Task<string?> WaitForIdAsync(IAdminClient admin, string topic, CancellationToken cancellationToken)
    {
        for (int look = 1; ; look++)
        {
            if (await FindIdAsync(admin, topic).WaitAsync(cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }

            if (look == MostLooks)
            {
                return null;
            }

            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CreateAsync(IAdminClient admin, string topic, TopicSettings settings)
    {
        TopicSpecification specification = new() { Name = topic, NumPartitions = settings.Partitions, ReplicationFactor = settings.Replication ?? -1 };
        try
        {
            await admin.CreateTopicsAsync([specification], new CreateTopicsOptions { OperationTimeout = s_timeout, RequestTimeout = s_timeout }).ConfigureAwait(false);
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another emulation made it meanwhile.
        }
        catch (CreateTopicsException exception)
        {
            throw new KafkaException(exception.Results[0].Error, exception);
        }
    }

    private static async Task<string?> FindIdAsync(IAdminClient admin, string topic)
    {
        try
        {
            DescribeTopicsResult described = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = s_timeout }).ConfigureAwait(false);
            return described.TopicDescriptions[0].TopicId.ToString();
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions is [{ Error.Code: ErrorCode.UnknownTopicOrPart }])
        {
            return null;
        }
        catch (DescribeTopicsException exception)
        {
            throw new KafkaException(exception.Results.TopicDescriptions[0].Error, exception);
        }
    }
}
