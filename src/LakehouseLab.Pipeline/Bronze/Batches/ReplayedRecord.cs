using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Bronze.Batches;

/// <summary>A repaired record that a batch appends. Its batch's progress record keeps all of it, so that a run which was killed is finished from there.</summary>
/// <param name="Id">The quarantined record that it repairs.</param>
/// <param name="Payload">The repaired record: valid UTF-8, as it goes into Bronze.</param>
public sealed record ReplayedRecord(string Id, string Payload)
{
    /// <summary>What the sources of replayed records begin with. No key of a raw object and no topic's partition does.</summary>
    public const string SourcePrefix = "quarantine/";

    /// <summary>The format of replayed records, whatever the original's was.</summary>
    public const string Format = "json";

    /// <summary>How many times the quarantined record has been replayed with this one, from 2 on; null for the first time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Replay { get; init; }

    /// <summary>What <c>_source</c> of the record says: the quarantined record and, behind <c>#</c>, which replay of it this is, from the second on.</summary>
    [JsonIgnore]
    public string Source => Replay is { } number ? FormattableString.Invariant($"{SourcePrefix}{Id}#{number}") : SourcePrefix + Id;
}
