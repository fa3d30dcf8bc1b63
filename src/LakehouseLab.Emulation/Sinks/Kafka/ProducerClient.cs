using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Kafka.Native;

namespace LakehouseLab.Emulation.Sinks.Kafka;

/// <summary>
/// A producer, by the C interface of the client library: the binding makes half a dozen objects of a message, which takes longer than
/// all else that is done for it. Only failed messages are reported back, so that acknowledged ones cost nothing here. Not thread-safe.
/// </summary>
internal sealed unsafe class ProducerClient : IDisposable
{
    private const int TextSize = 512;

    // A flush is made in short turns, so that who gives up is heard.
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(100);

    private readonly GCHandle _self;
    private int _failure;

    /// <summary>Makes a producer; nothing is sent yet.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="compression">How batches are compressed.</param>
    /// <param name="configure">Sets what the guarantee asks for.</param>
    /// <exception cref="KafkaException">A setting is refused.</exception>
    public ProducerClient(KafkaConnection connection, string compression, Action<ProducerConfig> configure)
    {
        ProducerConfig config = new(connection.CreateConfig())
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            CompressionType = Enum.Parse<CompressionType>(compression, ignoreCase: true),

            // Large requests: a record has some 220 bytes, and the broker works per batch.
            BatchSize = 1 << 20,
            LingerMs = 20,
            QueueBufferingMaxMessages = 100_000,
            QueueBufferingMaxKbytes = 64 << 10,
        };
        config.Set("delivery.report.only.error", "true");
        configure(config);
        KafkaLibrary.Load();
        _self = GCHandle.Alloc(this);
        byte* text = stackalloc byte[TextSize];
        Handle = Create(config, text);
        if (Handle == 0)
        {
            _self.Free();
            throw new KafkaException(new Error(ErrorCode.Local_InvalidArg, Marshal.PtrToStringUTF8((nint)text)));
        }
    }

    /// <summary>The library's handle.</summary>
    public nint Handle { get; }

    /// <summary>Waits until the brokers have all messages.</summary>
    /// <exception cref="KafkaException">A message was not delivered.</exception>
    public void Flush(CancellationToken cancellationToken)
    {
        while (KafkaLibrary.Flush(Handle, Milliseconds(s_turn)) != 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (Volatile.Read(ref _failure) is not 0 and int code)
        {
            throw new KafkaException(ErrorOf(code));
        }
    }

    /// <summary>Takes over from a producer of the same transactional id, and ends its transaction.</summary>
    /// <exception cref="KafkaException">That failed.</exception>
    public void InitTransactions(TimeSpan timeout) => Check(KafkaLibrary.InitTransactions(Handle, Milliseconds(timeout)));

    /// <summary>Begins a transaction.</summary>
    /// <exception cref="KafkaException">That failed.</exception>
    public void BeginTransaction() => Check(KafkaLibrary.BeginTransaction(Handle));

    /// <summary>Makes an offset of partition 0 of a topic the group's with the transaction.</summary>
    /// <exception cref="KafkaException">That failed.</exception>
    public void SendOffset(string group, string topic, long offset, TimeSpan timeout)
    {
        nint metadata = KafkaLibrary.NewGroup(group);
        nint partitions = KafkaLibrary.NewPartitions(1);
        try
        {
            KafkaLibrary.AddPartition(partitions, topic, 0);
            _ = KafkaLibrary.SetOffset(partitions, topic, 0, offset);
            Check(KafkaLibrary.SendOffsets(Handle, partitions, metadata, Milliseconds(timeout)));
        }
        finally
        {
            KafkaLibrary.DestroyPartitions(partitions);
            KafkaLibrary.DestroyGroup(metadata);
        }
    }

    /// <summary>Ends the transaction: all of it is there for readers of committed messages.</summary>
    /// <exception cref="KafkaException">That failed.</exception>
    public void CommitTransaction(TimeSpan timeout) => Check(KafkaLibrary.CommitTransaction(Handle, Milliseconds(timeout)));

    /// <summary>Ends the transaction: nothing of it is there for readers of committed messages.</summary>
    /// <exception cref="KafkaException">That failed.</exception>
    public void AbortTransaction(TimeSpan timeout) => Check(KafkaLibrary.AbortTransaction(Handle, Milliseconds(timeout)));

    /// <summary>Throws what the library returned, unless it is nothing.</summary>
    /// <param name="error">The library's error, which is released.</param>
    /// <exception cref="KafkaException">It is an error.</exception>
    public void Check(nint error)
    {
        if (error == 0)
        {
            return;
        }

        int code = KafkaLibrary.CodeOf(error);
        Error told = (ErrorCode)code == ErrorCode.Local_Fatal
            ? ErrorOf(code)
            : new Error((ErrorCode)code, Marshal.PtrToStringUTF8(KafkaLibrary.TextOf(error)), KafkaLibrary.IsFatal(error) != 0);
        bool isRetriable = KafkaLibrary.IsRetriable(error) != 0;
        bool requiresAbort = KafkaLibrary.RequiresAbort(error) != 0;
        KafkaLibrary.DestroyError(error);
        throw isRetriable ? new KafkaRetriableException(told) : requiresAbort ? new KafkaTxnRequiresAbortException(told) : new KafkaException(told);
    }

    /// <summary>What a code of the library says.</summary>
    public Error ErrorOf(int code)
    {
        if ((ErrorCode)code != ErrorCode.Local_Fatal)
        {
            return new Error((ErrorCode)code);
        }

        byte* text = stackalloc byte[TextSize];
        int cause = KafkaLibrary.FatalError(Handle, text, TextSize);
        return new Error((ErrorCode)cause, Marshal.PtrToStringUTF8((nint)text), isFatal: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        KafkaLibrary.DestroyClient(Handle);
        _self.Free();
    }

    private static int Milliseconds(TimeSpan time) => (int)time.TotalMilliseconds;

    // 0 when a setting is refused; the text says why.
    private nint Create(ProducerConfig config, byte* text)
    {
        nint configuration = KafkaLibrary.NewConfiguration();
        KafkaLibrary.SetOpaque(configuration, GCHandle.ToIntPtr(_self));
        KafkaLibrary.SetDeliveryReport(configuration, &OnReport);
        bool isTaken = config.All(setting => KafkaLibrary.Set(configuration, setting.Key, setting.Value, text, TextSize) == 0);
        nint client = isTaken ? KafkaLibrary.NewClient(KafkaLibrary.Producer, configuration, text, TextSize) : 0;
        if (client == 0)
        {
            KafkaLibrary.DestroyConfiguration(configuration);
        }

        return client;
    }

    // Called by the library within a flush or a commit.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnReport(nint client, BulkMessage* message, nint self)
    {
        if (message->Error != 0)
        {
            Interlocked.CompareExchange(ref ((ProducerClient)GCHandle.FromIntPtr(self).Target!)._failure, message->Error, 0);
        }
    }
}
