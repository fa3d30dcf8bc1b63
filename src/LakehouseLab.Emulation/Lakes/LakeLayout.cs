using System.Globalization;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>Where things are in a lake, as keys of its store.</summary>
public static class LakeLayout
{
    /// <summary>Version of this layout: raised when an older program could misread a lake.</summary>
    public const int Version = 1;

    /// <summary>The lake's world.</summary>
    public const string World = "_lakelab/world.json";

    /// <summary>The lock of which whoever writes to the lake holds a share, and whoever cleans it up the whole.</summary>
    public const string Lock = "_lakelab/lock";

    /// <summary>The lock of the one running program that writes tables.</summary>
    public const string LockOfTables = "_lakelab/lock-tables";

    /// <summary>The lock of the one running service.</summary>
    public const string LockOfService = "_lakelab/lock-service";

    /// <summary>Prefix of the locks of emulations.</summary>
    public const string EmulationLocks = "_lakelab/locks/";

    /// <summary>Prefix of what Bronze and the models have ingested.</summary>
    public const string Progress = "_lakelab/progress/";

    /// <summary>Prefix of what Spark keeps of its streams.</summary>
    public const string Checkpoints = "_lakelab/checkpoints/";

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

    /// <summary>The lock of the one running program that delivers an emulation.</summary>
    public static string LockOf(Guid emulation) => $"{EmulationLocks}{emulation}";

    /// <summary>Prefix of a domain's raw records.</summary>
    public static string RawOf(string domain) => $"{Raw}{domain}/";

    /// <summary>Prefix of an emulation's chunks.</summary>
    public static string ChunksOf(string domain, Guid emulation) => $"{Raw}{domain}/{emulation}/";

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
