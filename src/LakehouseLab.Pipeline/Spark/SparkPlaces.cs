using System.Text.RegularExpressions;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Where Spark finds the objects of a lake: <c>file:///folder/…</c>, or <c>s3a://bucket/prefix/…</c>.</summary>
/// <param name="lake">The lake.</param>
internal sealed partial class SparkPlaces(Lake lake)
{
    private const string S3 = "s3://";

    private readonly string _root = lake.Location.StartsWith(S3, StringComparison.Ordinal)
        ? $"s3a://{lake.Location[S3.Length..].TrimEnd('/')}"
        : OfFile(Path.GetFullPath(lake.Location).TrimEnd('/'));

    /// <summary>Whether the lake is on S3.</summary>
    public bool IsOnS3 { get; } = lake.Location.StartsWith(S3, StringComparison.Ordinal);

    /// <summary>The lake, as this program knows it wherever it runs: an absolute folder, or <c>s3://bucket/prefix</c>.</summary>
    public string Location { get; } = lake.Location.StartsWith(S3, StringComparison.Ordinal) ? lake.Location : Path.GetFullPath(lake.Location);

    /// <summary>The lake, as Spark knows it.</summary>
    public string Root => _root;

    /// <summary>An object of the lake.</summary>
    public string PathOf(string key) => $"{_root}/{key}";

    /// <summary>A data file of a table.</summary>
    public string PathOf(TableVersion table, AddFile file) => !file.IsAbsolute ? PathOf(table.Table.KeyOf(file.Path))
        : Path.IsPathFullyQualified(file.Path) ? OfFile(file.Path) : file.Path;

    /// <summary>Whether two spellings are of one place: Spark writes <c>file:/folder</c> for <c>file:///folder</c>.</summary>
    public static bool AreSame(string one, string other) => one.Replace("file:///", "file:/", StringComparison.Ordinal) == other.Replace("file:///", "file:/", StringComparison.Ordinal);

    /// <summary>A path for readers that take patterns: it means itself, whatever characters a lake's folder has.</summary>
    public static string Escape(string path) => Special().Replace(path, @"\$0");

    [GeneratedRegex(@"[\\*?{}\[\]]")]
    private static partial Regex Special();

    private static string OfFile(string path) => $"file://{path}";
}
