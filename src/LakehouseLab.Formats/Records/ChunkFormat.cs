namespace LakehouseLab.Formats.Records;

/// <summary>What is in an object of raw records.</summary>
/// <param name="Format">How its records are written.</param>
/// <param name="Compression">How its bytes are compressed; Parquet's own compression does not count.</param>
public sealed record ChunkFormat(RecordFormat Format, RecordCompression Compression = RecordCompression.None)
{
    /// <summary>JSON lines as they are.</summary>
    public static ChunkFormat Json { get; } = new(RecordFormat.Json);

    /// <summary>Names of the formats, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Names { get; } = ["json", "csv", "parquet"];

    /// <summary>Names of the compressions, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> CompressionNames { get; } = ["none", "gzip", "zstd"];

    private static readonly string[] s_suffixes = ["", ".gz", ".zst"];

    /// <summary>How the names of objects of records end, for messages.</summary>
    public static string Endings => ".json, .jsonl, .ndjson, .csv (each also with .gz or .zst behind it) and .parquet";

    /// <summary>The format's name, as manifests and tables have it.</summary>
    public string Name => Names[(int)Format];

    /// <summary>The compression's name.</summary>
    public string CompressionName => CompressionNames[(int)Compression];

    /// <summary>Extension of an object's key, without the first point.</summary>
    public string Extension => Name + s_suffixes[(int)Compression];

    /// <summary>The format that names of the command line, of requests or of a manifest say.</summary>
    /// <returns>The format, or null when a name is none of <see cref="Names"/> or <see cref="CompressionNames"/>.</returns>
    public static ChunkFormat? TryParse(string format, string compression)
    {
        int name = IndexOf(Names, format);
        int packed = IndexOf(CompressionNames, compression);
        return name < 0 || packed < 0 ? null : new ChunkFormat((RecordFormat)name, (RecordCompression)packed);
    }

    /// <summary>The format that the extension of an object's key says, in whatever case: one of ours, or another name of lines of JSON.</summary>
    /// <returns>The format, or null when it is another extension.</returns>
    public static ChunkFormat? TryOfExtension(string key)
    {
        for (int packed = s_suffixes.Length - 1; packed >= 0; packed--)
        {
            if (!key.EndsWith(s_suffixes[packed], StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            string name = key[..^s_suffixes[packed].Length];
            string extension = name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant();
            int format = extension is "jsonl" or "ndjson" ? (int)RecordFormat.Json : IndexOf(Names, extension);
            return format < 0 || (format == (int)RecordFormat.Parquet && packed > 0) ? null : new ChunkFormat((RecordFormat)format, (RecordCompression)packed);
        }

        return null;
    }

    /// <summary>The format in which an object of raw records is read: what is not known by its extension counts as lines of JSON.</summary>
    public static ChunkFormat OfRaw(string key) => TryOfExtension(key) ?? Json;

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
