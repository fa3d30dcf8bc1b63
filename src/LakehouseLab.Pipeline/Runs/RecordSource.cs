namespace LakehouseLab.Pipeline.Runs;

/// <summary>Where a run takes new records from.</summary>
public enum RecordSource
{
    /// <summary>Raw objects, and the topics that manifests name.</summary>
    Named,

    /// <summary>Raw objects alone.</summary>
    Raw,

    /// <summary>Topics alone: those that manifests name, or that of the domain where none does.</summary>
    Kafka,

    /// <summary>Raw objects, and topics as with <see cref="Kafka"/>.</summary>
    All,
}
