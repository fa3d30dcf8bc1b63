using System.Globalization;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>How a commit that another writer makes for the pipeline, such as Spark's, says which batch it has: by the user's metadata of the commit.</summary>
public static class BatchMark
{
    private const string Prefix = "lakelab batch ";

    /// <summary>The mark of a batch.</summary>
    /// <param name="batch">Its number.</param>
    public static string Of(long batch) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{batch}");

    /// <summary>The number in a mark, as text; null where it is none.</summary>
    /// <param name="metadata">The user's metadata of a commit.</param>
    public static string? Find(string? metadata) => metadata?.StartsWith(Prefix, StringComparison.Ordinal) == true ? metadata[Prefix.Length..] : null;
}
