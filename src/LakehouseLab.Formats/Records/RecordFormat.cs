namespace LakehouseLab.Formats.Records;

/// <summary>How records are written.</summary>
public enum RecordFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>RFC 4180, with a header.</summary>
    Csv,

    /// <summary>Typed columns.</summary>
    Parquet,
}

/// <summary>How the bytes of an object of lines are compressed.</summary>
public enum RecordCompression
{
    /// <summary>Not at all. Parquet compresses by itself.</summary>
    None,

    /// <summary>RFC 1952.</summary>
    Gzip,

    /// <summary>Zstandard, RFC 8878.</summary>
    Zstd,
}
