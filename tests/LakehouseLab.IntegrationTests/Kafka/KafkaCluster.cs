using System.Security.Cryptography;
using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.IntegrationTests.Kafka;

/// <summary>A Kafka cluster: the one of the environment, or of the stack, which is started when it is needed.</summary>
/// <param name="Connection">How it is reached.</param>
internal sealed record KafkaCluster(KafkaConnection Connection)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Finds it, or skips the test.</summary>
    public static async Task<KafkaCluster> FindAsync()
    {
        await StackSystem.FindAsync(KafkaConnection.ServersVariable, "kafka");
        return new KafkaCluster(KafkaConnection.Require(Environment.GetEnvironmentVariable));
    }

    /// <summary>A topic of a test's own, which is not there yet.</summary>
    public static string NewTopic() => $"test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>Reads the committed messages of a topic up to its present end.</summary>
    public List<ConsumeResult<byte[], byte[]>> ReadAll(string topic)
    {
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(Connection.CreateConfig())
        {
            GroupId = "test",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        using IAdminClient admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        int partitions = admin.GetMetadata(topic, s_patience).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        List<ConsumeResult<byte[], byte[]>> messages = [];
        for (int open = partitions; open > 0;)
        {
            ConsumeResult<byte[], byte[]>? result = consumer.Consume(s_patience);
            Assert.NotNull(result);
            if (result.IsPartitionEOF)
            {
                open--;
            }
            else
            {
                messages.Add(result);
            }
        }

        return messages;
    }
}
