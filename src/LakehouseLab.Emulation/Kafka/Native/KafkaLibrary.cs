using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace LakehouseLab.Emulation.Kafka.Native;

/// <summary>The part of the client library's C interface (librdkafka, <c>rdkafka.h</c>) that delivery needs. The library is the one that the binding brings.</summary>
internal static unsafe partial class KafkaLibrary
{
    /// <summary>RD_KAFKA_PARTITION_UA: the partitioner chooses.</summary>
    public const int AnyPartition = -1;

    /// <summary>RD_KAFKA_MSG_F_COPY: the library copies key and value.</summary>
    public const int Copy = 2;

    /// <summary>RD_KAFKA_PRODUCER.</summary>
    public const int Producer = 0;

    private const string Name = "librdkafka";

    private static readonly Lazy<bool> s_isLoaded = new(BindToLoaded);

    /// <summary>Must be called before anything else.</summary>
    /// <exception cref="DllNotFoundException">The binding loads its library under another name.</exception>
    public static void Load() => _ = s_isLoaded.Value;

    /// <summary>The binding brings several builds of the library and loads the one that fits the system: it must be that very one.</summary>
    /// <param name="modules">Paths of what the process has loaded.</param>
    /// <exception cref="DllNotFoundException">None of them is the library.</exception>
    internal static string FindLoaded(IEnumerable<string> modules) =>
        modules.FirstOrDefault(static path => Path.GetFileName(path).Contains(Name, StringComparison.Ordinal))
        ?? throw new DllNotFoundException(
            $"Confluent.Kafka {typeof(Library).Assembly.GetName().Version} has not loaded a library named {Name}, through which messages are handed over: use the version of the package that this program was built with");

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void DestroyConfiguration(nint configuration);

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint configuration, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_set_opaque")]
    public static partial void SetOpaque(nint configuration, nint opaque);

    [LibraryImport(Name, EntryPoint = "rd_kafka_conf_set_dr_msg_cb")]
    public static partial void SetDeliveryReport(nint configuration, delegate* unmanaged[Cdecl]<nint, BulkMessage*, nint, void> report);

    [LibraryImport(Name, EntryPoint = "rd_kafka_new")]
    public static partial nint NewClient(int kind, nint configuration, byte* error, nuint errorSize);

    [LibraryImport(Name, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewTopic(nint client, string topic, nint configuration);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void DestroyTopic(nint topic);

    [LibraryImport(Name, EntryPoint = "rd_kafka_last_error")]
    public static partial int LastError();

    [LibraryImport(Name, EntryPoint = "rd_kafka_produce_batch")]
    public static partial int ProduceBatch(nint topic, int partition, int flags, BulkMessage* messages, int count);

    [LibraryImport(Name, EntryPoint = "rd_kafka_produceva")]
    public static partial nint Produce(nint client, MessagePart* parts, nuint count);

    [LibraryImport(Name, EntryPoint = "rd_kafka_flush")]
    public static partial int Flush(nint client, int timeoutMilliseconds);

    [LibraryImport(Name, EntryPoint = "rd_kafka_fatal_error")]
    public static partial int FatalError(nint client, byte* text, nuint size);

    [LibraryImport(Name, EntryPoint = "rd_kafka_init_transactions")]
    public static partial nint InitTransactions(nint client, int timeoutMilliseconds);

    [LibraryImport(Name, EntryPoint = "rd_kafka_begin_transaction")]
    public static partial nint BeginTransaction(nint client);

    [LibraryImport(Name, EntryPoint = "rd_kafka_send_offsets_to_transaction")]
    public static partial nint SendOffsets(nint client, nint offsets, nint group, int timeoutMilliseconds);

    [LibraryImport(Name, EntryPoint = "rd_kafka_commit_transaction")]
    public static partial nint CommitTransaction(nint client, int timeoutMilliseconds);

    [LibraryImport(Name, EntryPoint = "rd_kafka_abort_transaction")]
    public static partial nint AbortTransaction(nint client, int timeoutMilliseconds);

    [LibraryImport(Name, EntryPoint = "rd_kafka_consumer_group_metadata_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewGroup(string group);

    [LibraryImport(Name, EntryPoint = "rd_kafka_consumer_group_metadata_destroy")]
    public static partial void DestroyGroup(nint group);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_partition_list_new")]
    public static partial nint NewPartitions(int size);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_partition_list_add", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint AddPartition(nint partitions, string topic, int partition);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_partition_list_set_offset", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetOffset(nint partitions, string topic, int partition, long offset);

    [LibraryImport(Name, EntryPoint = "rd_kafka_topic_partition_list_destroy")]
    public static partial void DestroyPartitions(nint partitions);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_code")]
    public static partial int CodeOf(nint error);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_string")]
    public static partial nint TextOf(nint error);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_is_fatal")]
    public static partial int IsFatal(nint error);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_is_retriable")]
    public static partial int IsRetriable(nint error);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_txn_requires_abort")]
    public static partial int RequiresAbort(nint error);

    [LibraryImport(Name, EntryPoint = "rd_kafka_error_destroy")]
    public static partial void DestroyError(nint error);

    private static bool BindToLoaded()
    {
        Library.Load();
        using Process self = Process.GetCurrentProcess();
        string path = FindLoaded(self.Modules.Cast<ProcessModule>().Select(static module => module.FileName));
        NativeLibrary.SetDllImportResolver(typeof(KafkaLibrary).Assembly, (name, _, _) => name == Name ? NativeLibrary.Load(path) : 0);
        return true;
    }
}
