using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Sinks.Kafka;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Tests.Emulation.Sinks.Kafka;

/// <summary>A producer with nobody at the other end: what is not delivered is told, and nobody waits for ever.</summary>
public sealed class ProducerClientTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Flush_NobodyTakesTheMessages_ThrowsTheirFailure(bool headers)
    {
        using ProducerClient producer = Open(static config => config.MessageTimeoutMs = 50);
        Write(producer, headers);
        KafkaException failure = Assert.Throws<KafkaException>(() => producer.Flush(TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.Local_MsgTimedOut, failure.Error.Code);
    }

    [Fact]
    public void Flush_Cancelled_WaitsNoLonger()
    {
        using ProducerClient producer = Open(static _ => { });
        Write(producer, headers: true);
        Assert.Throws<OperationCanceledException>(() => producer.Flush(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Flush_NothingWritten_Returns()
    {
        using ProducerClient producer = Open(static _ => { });
        producer.Flush(new CancellationToken(canceled: true));
    }

    [Fact]
    public void BeginTransaction_WithoutAnId_ThrowsWhatTheLibrarySays()
    {
        using ProducerClient producer = Open(static _ => { });
        KafkaException failure = Assert.Throws<KafkaException>(producer.BeginTransaction);
        Assert.Contains("transactional.id", failure.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void New_UnknownSetting_IsNamed()
    {
        KafkaException failure = Assert.Throws<KafkaException>(() => Open(static config => config.Set("no.such.setting", "1")));
        Assert.Contains("no.such.setting", failure.Error.Reason, StringComparison.Ordinal);
    }

    // Nobody listens at port 1.
    private static ProducerClient Open(Action<ProducerConfig> configure) => new(
        KafkaConnection.Find(static name => name == KafkaConnection.ServersVariable ? "127.0.0.1:1" : null)!, "none", config =>
        {
            config.LingerMs = 0;
            configure(config);
        });

    private static void Write(ProducerClient producer, bool headers)
    {
        using MessageWriter writer = new(producer, "t", Guid.Empty, headers);
        EncodedBlock block = new() { Rows = 3 };
        for (int row = 0; row < block.Rows; row++)
        {
            block.Bytes.Append("{}\n"u8);
            block.Ends[row] = block.Bytes.Length;
        }

        writer.Write(new BlockSlice(block, 0, block.Rows));
    }
}
