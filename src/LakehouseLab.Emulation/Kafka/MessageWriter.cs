using System.Buffers.Text;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using LakehouseLab.Emulation.Formats;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>
/// Hands records to a producer's queue in bulk, by the C interface of the client library below the binding: the binding makes
/// half a dozen objects of a message, which takes longer than all else that is done for it. Not thread-safe.
/// </summary>
internal sealed unsafe partial class MessageWriter : IDisposable
{
    private const string Library = "librdkafka";
    private const int AnyPartition = -1;
    private const int Copy = 2;
    private const int LongestKey = 20;

    private readonly SafeHandle _client;
    private readonly nint _topic;
    private readonly Guid _emulation;
    private readonly bool _headers;
    private readonly byte[] _keys = new byte[World.IDataFactory.BlockRows * LongestKey];
    private readonly BulkMessage[] _messages = new BulkMessage[World.IDataFactory.BlockRows];

    static MessageWriter() => NativeLibrary.SetDllImportResolver(typeof(MessageWriter).Assembly, static (name, assembly, path) =>
        name == Library ? NativeLibrary.Load(FindLoaded()) : 0);

    /// <summary>Makes a writer to a topic.</summary>
    /// <param name="producer">The producer, which outlives it.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="emulation">The emulation.</param>
    /// <param name="headers">Whether messages name emulation and row.</param>
    public MessageWriter(IClient producer, string topic, Guid emulation, bool headers)
    {
        // The binding keeps the library's handle to itself; the package's version is pinned, and tests write by this.
        PropertyInfo handle = typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.NonPublic | BindingFlags.Instance)
            ?? throw new MissingMemberException(nameof(Handle), "LibrdkafkaHandle");
        _client = (SafeHandle)handle.GetValue(producer.Handle)!;
        _topic = NewTopic(_client.DangerousGetHandle(), topic, 0);
        _emulation = emulation;
        _headers = headers;
        if (_topic == 0)
        {
            throw new KafkaException(ErrorCode.Local_InvalidArg);
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
    public void Dispose()
    {
        if (!_client.IsClosed)
        {
            DestroyTopic(_topic);
        }
    }

    // The binding brings several builds of the library and loads the one that fits the system: it must be that very one.
    private static string FindLoaded()
    {
        using Process self = Process.GetCurrentProcess();
        return self.Modules.Cast<ProcessModule>().First(module => module.ModuleName.Contains(Library, StringComparison.Ordinal)).FileName;
    }

    private void WriteAll(int count)
    {
        fixed (BulkMessage* messages = _messages)
        {
            if (ProduceBatch(_topic, AnyPartition, Copy, messages, count) != count)
            {
                throw new KafkaException((ErrorCode)Array.Find(_messages[..count], message => message.Error != 0).Error);
            }
        }
    }

    // Headers go one message at a time only.
    private void WriteEach(BlockSlice records)
    {
        byte* header = stackalloc byte[RecordHeader.Size];
        Argument* arguments = stackalloc Argument[5];
        arguments[0] = new Argument { Kind = ArgumentKind.Topic, First = _topic };
        arguments[3] = new Argument { Kind = ArgumentKind.Flags, First = Copy };
        fixed (byte* name = "lakelab\0"u8)
        {
            arguments[4] = new Argument { Kind = ArgumentKind.Header, First = (nint)name, Second = (nint)header, Third = RecordHeader.Size };
            for (int index = 0; index < records.Count; index++)
            {
                ref BulkMessage message = ref _messages[index];
                new RecordHeader(_emulation, records.FirstRow + index).Write(new Span<byte>(header, RecordHeader.Size));
                arguments[1] = new Argument { Kind = ArgumentKind.Value, First = (nint)message.Payload, Second = (nint)message.Length };
                arguments[2] = new Argument { Kind = ArgumentKind.Key, First = (nint)message.Key, Second = (nint)message.KeyLength };
                nint error = Produce(_client.DangerousGetHandle(), arguments, 5);
                if (error != 0)
                {
                    int code = CodeOf(error);
                    DestroyError(error);
                    throw new KafkaException((ErrorCode)code);
                }
            }
        }
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint NewTopic(nint client, string topic, nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    private static partial void DestroyTopic(nint topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produce_batch")]
    private static partial int ProduceBatch(nint topic, int partition, int flags, BulkMessage* messages, int count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produceva")]
    private static partial nint Produce(nint client, Argument* arguments, nuint count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_code")]
    private static partial int CodeOf(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_destroy")]
    private static partial void DestroyError(nint error);

    // rd_kafka_vtype_t.
    private enum ArgumentKind
    {
        Topic = 2,
        Value = 4,
        Key = 5,
        Flags = 7,
        Header = 9,
    }

    // rd_kafka_message_t.
    [StructLayout(LayoutKind.Sequential)]
    private struct BulkMessage
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public byte* Payload;
        public nuint Length;
        public byte* Key;
        public nuint KeyLength;
        public long Offset;
        public nint Opaque;
    }

    // rd_kafka_vu_t: a kind, and a union of 64 bytes.
    [StructLayout(LayoutKind.Sequential, Size = 72)]
    private struct Argument
    {
        public ArgumentKind Kind;
        public nint First;
        public nint Second;
        public nint Third;
    }
}
