using LakehouseLab.Formats.Records;

namespace LakehouseLab.Audit.Raw;

/// <summary>Places of raw records, as people read them.</summary>
internal static class RawPlaces
{
    /// <summary>The place of a record.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">The record's line or number, from 0.</param>
    public static string Of(string key, long offset) =>
        FormattableString.Invariant($"{key} {(ChunkFormat.OfRaw(key).Format == RecordFormat.Json ? "line" : "record")} {offset + 1}");
}
