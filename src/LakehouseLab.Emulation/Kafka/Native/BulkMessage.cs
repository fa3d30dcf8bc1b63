using System.Runtime.InteropServices;

namespace LakehouseLab.Emulation.Kafka.Native;

/// <summary>A message as the client library takes and reports it: <c>rd_kafka_message_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BulkMessage
{
    /// <summary>Why it failed; 0 when it did not.</summary>
    public int Error;

    /// <summary>Its topic.</summary>
    public nint Topic;

    /// <summary>Its partition.</summary>
    public int Partition;

    /// <summary>Its value.</summary>
    public byte* Payload;

    /// <summary>Bytes of its value.</summary>
    public nuint Length;

    /// <summary>Its key.</summary>
    public byte* Key;

    /// <summary>Bytes of its key.</summary>
    public nuint KeyLength;

    /// <summary>Its offset.</summary>
    public long Offset;

    /// <summary>What the sender gave along.</summary>
    public nint Opaque;
}

/// <summary>A part of a message that is handed over by its parts: <c>rd_kafka_vu_t</c>, a kind and a union of 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 72)]
internal struct MessagePart
{
    /// <summary>What it is.</summary>
    public MessagePartKind Kind;

    /// <summary>The union's first word.</summary>
    public nint First;

    /// <summary>The union's second word.</summary>
    public nint Second;

    /// <summary>The union's third word.</summary>
    public nint Third;
}

/// <summary>Kinds of parts: <c>rd_kafka_vtype_t</c>.</summary>
internal enum MessagePartKind
{
    /// <summary>The topic's handle.</summary>
    Topic = 2,

    /// <summary>The value: pointer and length.</summary>
    Value = 4,

    /// <summary>The key: pointer and length.</summary>
    Key = 5,

    /// <summary>How it is taken.</summary>
    Flags = 7,

    /// <summary>A header: name, pointer and length.</summary>
    Header = 9,
}
