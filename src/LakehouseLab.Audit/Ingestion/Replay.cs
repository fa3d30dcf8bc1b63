using System.Text;

namespace LakehouseLab.Audit.Ingestion;

/// <summary>A repaired record that a batch of Bronze appended, as progress says.</summary>
/// <param name="Source">Its source: the quarantined record that it repairs and, from the second replay on, which replay it is.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Payload">The record.</param>
internal sealed record Replay(string Source, long Batch, string Payload)
{
    /// <summary>What the sources of replayed records begin with.</summary>
    public const string SourcePrefix = "quarantine/";

    /// <summary>Format of replayed records.</summary>
    public const string Format = "json";

    /// <summary>Offset of replayed records: each is a source of its own.</summary>
    public const long Offset = 0;

    /// <summary>The record's bytes.</summary>
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(Payload);

    /// <summary>Whether a source is one of replayed records, whether or not progress knows of it.</summary>
    public static bool IsSource(ReadOnlySpan<byte> source) => source.StartsWith("quarantine/"u8);
}
