using System.Text.Json.Nodes;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>Changes the documents in which a lake accounts for itself.</summary>
internal static class DocumentEdits
{
    /// <summary>Changes a document.</summary>
    public static void Edit(this AuditedLake lake, string key, Action<JsonNode> edit)
    {
        string path = Path.Combine(lake.Folder, key);
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>Reads a document.</summary>
    public static JsonNode Document(this AuditedLake lake, string key) => JsonNode.Parse(File.ReadAllText(Path.Combine(lake.Folder, key)))!;

    /// <summary>Key of the manifest of the emulation of a domain that begins with a row.</summary>
    public static string ManifestOf(this AuditedLake lake, Domain schema, long firstRow) => Directory.EnumerateFiles(Path.Combine(lake.Folder, "raw/_emulations"), "*.json")
        .Select(path => $"raw/_emulations/{Path.GetFileName(path)}")
        .Single(key => lake.Document(key) is JsonNode manifest && (string?)manifest["domain"] == schema.Name && (long?)manifest["ranges"]![0]!["first_row"] == firstRow);

    /// <summary>Key of a part of a manifest.</summary>
    public static string PartOf(string manifest, int number) => $"{manifest[..^".json".Length]}/{number:D8}.json";

    /// <summary>Key of the claim of an emulation that begins with a row.</summary>
    public static string ClaimOf(this AuditedLake lake, Domain schema, long firstRow) => lake.Keys($"_lakelab/ranges/{schema.Name}")
        .Single(key => lake.Document(key)["first_row"] is { } row && (long)row == firstRow);

    /// <summary>Keys of the documents in a folder, in order.</summary>
    public static string[] Keys(this AuditedLake lake, string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(lake.Folder, folder), "*.json").Order(StringComparer.Ordinal).Select(path => $"{folder}/{Path.GetFileName(path)}")];

    /// <summary>Exchanges two files.</summary>
    public static void ExchangeFiles(this AuditedLake lake, string one, string other)
    {
        (one, other) = (Path.Combine(lake.Folder, one), Path.Combine(lake.Folder, other));
        File.Move(one, one + ".kept");
        File.Move(other, one);
        File.Move(one + ".kept", other);
    }

    /// <summary>Deletes a file or a folder.</summary>
    public static void Delete(this AuditedLake lake, string key)
    {
        string path = Path.Combine(lake.Folder, key);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }
}
