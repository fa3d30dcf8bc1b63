using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using ZstdSharp;

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>Changes the objects of raw records.</summary>
internal static class RawEdits
{
    /// <summary>The transactions' chunks of a format, in order.</summary>
    public static string[] ChunksOf(this AuditedLake lake, string ending) =>
        [.. Directory.EnumerateFiles(Path.Combine(lake.Folder, "raw/transaction"), $"*.{ending}", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Changes the lines of the first chunk of a format, whatever packs them.</summary>
    public static void Change(this AuditedLake lake, string ending, Action<List<string>> change)
    {
        string path = lake.ChunksOf(ending)[0];
        List<string> lines = [.. Encoding.UTF8.GetString(Read(path)).TrimEnd('\n').Split('\n')];
        change(lines);
        Write(path, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
    }

    /// <summary>Changes the content of the first chunk of a format, whatever packs it.</summary>
    public static void ChangeContent(this AuditedLake lake, string ending, Func<byte[], byte[]> change)
    {
        string path = lake.ChunksOf(ending)[0];
        Write(path, change(Read(path)));
    }

    /// <summary>Changes the bytes of the first chunk of a format as they are stored.</summary>
    public static void ChangeBytes(this AuditedLake lake, string ending, Func<byte[], byte[]> change)
    {
        string path = lake.ChunksOf(ending)[0];
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
    }

    /// <summary>Gives the first chunk of Parquet the rows of a query, in which <c>this</c> stands for those it has and <c>n</c> for their numbers.</summary>
    public static void Query(this AuditedLake lake, string query)
    {
        string path = lake.ChunksOf("parquet")[0];
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"""
            SET TimeZone = 'UTC';
            CREATE TABLE this AS SELECT * EXCLUDE (file_row_number), file_row_number::DOUBLE AS n FROM read_parquet('{path}', file_row_number = true);
            COPY (SELECT * EXCLUDE (n) FROM ({query}) ORDER BY n) TO '{path}.changed' (FORMAT parquet);
            """;
        command.ExecuteNonQuery();
        File.Move(path + ".changed", path, overwrite: true);
    }

    /// <summary>The content of an object, whatever packs it.</summary>
    public static byte[] Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using Stream content = Unpacked(file, path);
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Stores content packed as the name says.</summary>
    public static void Write(string path, byte[] content)
    {
        using FileStream file = File.Create(path);
        using Stream packed = Path.GetExtension(path) switch
        {
            ".gz" => new GZipStream(file, CompressionLevel.SmallestSize),
            ".zst" => new CompressionStream(file),
            _ => file,
        };
        packed.Write(content);
    }

    private static Stream Unpacked(Stream file, string path) => Path.GetExtension(path) switch
    {
        ".gz" => new GZipStream(file, CompressionMode.Decompress),
        ".zst" => new DecompressionStream(file),
        _ => file,
    };
}
