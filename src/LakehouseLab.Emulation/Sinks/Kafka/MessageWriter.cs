using System.Buffers.Text;
using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Kafka.Native;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Emulation.Sinks.Kafka;

/// <summary>Hands records to a producer's queue in bulk, without an object for each. Not thread-safe.</summary>
internal sealed unsafe class MessageWriter : IDisposable
{
    private const int LongestKey = 20;

    private readonly ProducerClient _producer;
    private readonly nint _topic;
    private readonly Guid _emulation;
    private readonly bool _headers;
    private readonly byte[] _keys = new byte[IDataFactory.BlockRows * LongestKey];
    private readonly BulkMessage[] _messages = new BulkMessage[IDataFactory.BlockRows];

    /// <summary>Makes a writer to a topic.</summary>
    /// <param name="producer">The producer, which outlives it.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="emulation">The emulation.</param>
    /// <param name="headers">Whether messages name emulation and row.</param>
    /// <exception cref="KafkaException">The library refuses the topic.</exception>
    public MessageWriter(ProducerClient producer, string topic, Guid emulation, bool headers)
    {
        _producer = producer;
        _topic = KafkaLibrary.NewTopic(producer.Handle, topic, 0);
        _emulation = emulation;
        _headers = headers;
        if (_topic == 0)
        {
            throw new KafkaException(producer.ErrorOf(KafkaLibrary.LastError()));
        }
    }

    /// <summary>Puts records into the queue, whose room must suffice.</summary>
    /// <exception cref="KafkaException">The library refuses one.</exception>
    public void Write(BlockSlice records)
    {
        fixed (byte* lines = records.Block.Bytes.Written.Span, keys = _keys)
        {
            int start = records.StartOf(0);
            byte* key = keys;
            for (int index = 0; index < records.Count; index++)
            {
                int end = records.StartOf(index + 1);
                Utf8Formatter.TryFormat(records.UserId(index), new Span<byte>(key, LongestKey), out int length);
                _messages[index] = new BulkMessage { Payload = lines + start, Length = (nuint)(end - start - 1), Key = key, KeyLength = (nuint)length };
                key += length;
                start = end;
            }

            if (_headers)
            {
                WriteEach(records);
            }
            else
            {
                WriteAll(records.Count);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => KafkaLibrary.DestroyTopic(_topic);

    private void WriteAll(int count)
    {
        fixed (BulkMessage* messages = _messages)
        {
            if (KafkaLibrary.ProduceBatch(_topic, KafkaLibrary.AnyPartition, KafkaLibrary.Copy, messages, count) != count)
            {
                throw new KafkaException(_producer.ErrorOf(Array.Find(_messages[..count], message => message.Error != 0).Error));
            }
        }
    }

    // Headers go one message at a time only.
    private void WriteEach(BlockSlice records)
    {
        byte* header = stackalloc byte[RecordHeader.Size];
        MessagePart* parts = stackalloc MessagePart[5];
        parts[0] = new MessagePart { Kind = MessagePartKind.Topic, First = _topic };
        parts[3] = new MessagePart { Kind = MessagePartKind.Flags, First = KafkaLibrary.Copy };
        fixed (byte* name = "lakelab\0"u8)
        {
            parts[4] = new MessagePart { Kind = MessagePartKind.Header, First = (nint)name, Second = (nint)header, Third = RecordHeader.Size };
            for (int index = 0; index < records.Count; index++)
            {
                ref BulkMessage message = ref _messages[index];
                new RecordHeader(_emulation, records.FirstRow + index).Write(new Span<byte>(header, RecordHeader.Size));
                parts[1] = new MessagePart { Kind = MessagePartKind.Value, First = (nint)message.Payload, Second = (nint)message.Length };
                parts[2] = new MessagePart { Kind = MessagePartKind.Key, First = (nint)message.Key, Second = (nint)message.KeyLength };
                _producer.Check(KafkaLibrary.Produce(_producer.Handle, parts, 5));
            }
        }
    }
}
