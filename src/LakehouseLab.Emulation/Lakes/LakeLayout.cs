using System.Globalization;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>Where things lie in a lake, as keys of its store.</summary>
public static class LakeLayout
{
    /// <summary>Version of this layout: raised when an older program could misread a lake.</summary>
    public const int Version = 1;

    /// <summary>The lake's world.</summary>
    public const string World = "_lakelab/world.json";

    /// <summary>The file that a running program holds locked.</summary>
    public const string Lock = "_lakelab/lock";

    /// <summary>Prefix of what Bronze and the models have taken in.</summary>
    public const string Progress = "_lakelab/progress/";

    /// <summary>How Silver treats records of other lakes and domains.</summary>
    public const string Foreign = "_lakelab/foreign.json";

    /// <summary>Prefix of the run history.</summary>
    public const string Runs = "_lakelab/runs/";

    /// <summary>Prefix of the hashes by which duplicates are found.</summary>
    public const string KeyIndexes = "_lakelab/index/";

    /// <summary>Prefix of the raw records.</summary>
    public const string Raw = "raw/";

    /// <summary>Prefix of the manifests, below <see cref="Raw"/>.</summary>
    public const string Manifests = "raw/_emulations/";

    /// <summary>Prefix of a domain's raw records.</summary>
    public static string RawOf(string domain) => $"{Raw}{domain}/";

    /// <summary>Prefix of an emulation's chunks.</summary>
    public static string ChunksOf(string domain, Guid emulation) => $"{Raw}{domain}/{emulation}/";

    /// <summary>Key of a chunk: known before its last row is, and the same for two writers of it. Sorts by number.</summary>
    public static string Chunk(string domain, Guid emulation, int number, long firstRow, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{ChunksOf(domain, emulation)}{number:D8}-{firstRow:D16}.{extension}");

    /// <summary>Key of an emulation's manifest.</summary>
    public static string Manifest(Guid emulation) => $"{Manifests}{emulation}.json";

    /// <summary>Prefix of the immutable parts of a manifest, one for each chunk.</summary>
    public static string ManifestParts(Guid emulation) => $"{Manifests}{emulation}/";

    /// <summary>Key of a part of a manifest.</summary>
    public static string ManifestPart(Guid emulation, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{ManifestParts(emulation)}{number:D8}.json");

    /// <summary>Prefix of a domain's claims.</summary>
    public static string ClaimsOf(string domain) => $"_lakelab/ranges/{domain}/";

    /// <summary>What the name of the document that ends a claim before its end has after the claim's number.</summary>
    public const string ClaimEndSuffix = "-end";
}
