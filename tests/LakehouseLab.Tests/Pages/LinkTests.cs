using System.Text.RegularExpressions;

namespace LakehouseLab.Tests.Pages;

/// <summary>What the pages point at is there.</summary>
public sealed partial class LinkTests
{
    // Where a page may begin to count a source file's path from.
    private static readonly string[] s_sourceFolders = ["", "src/LakehouseLab.World"];

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Page.Repository, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Page.Repository, "docs"), "*.md")).Select(file => Path.GetRelativePath(Page.Repository, file))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_ItsLinks_LeadSomewhere(string name)
    {
        string text = File.ReadAllText(Path.Combine(Page.Repository, name));
        string folder = Path.Combine(Page.Repository, Path.GetDirectoryName(name)!);
        foreach (Match link in Links().Matches(text))
        {
            string[] target = link.Groups["target"].Value.Split('#', 2);
            string file = target[0].Length == 0 ? Path.Combine(Page.Repository, name) : Path.Combine(folder, target[0]);
            Assert.True(Path.Exists(file), $"{name}: there is no {link.Groups["target"].Value}");
            Assert.True(target.Length == 1 || Anchors(File.ReadAllText(file)).Contains(target[1]), $"{name}: there is no heading for {link.Groups["target"].Value}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_SourcesThatItNames_AreThere(string name)
    {
        string text = File.ReadAllText(Path.Combine(Page.Repository, name));
        foreach (Match source in Sources().Matches(text))
        {
            // What the reader is shown how to write is not there yet.
            string path = source.Groups["path"].Value;
            Assert.True(text.Contains($"file={path}", StringComparison.Ordinal) || s_sourceFolders.Any(folder => File.Exists(Path.Combine(Page.Repository, folder, path))), $"{name}: there is no {path}");
        }
    }

    private static IEnumerable<string> Anchors(string text) =>
        Headings().Matches(text).Select(heading => NoAnchor().Replace(heading.Groups["words"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>(?!https?:)[^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"`(?<path>[\w.]+/[\w./]+\.(?:cs|csv))`")]
    private static partial Regex Sources();

    [GeneratedRegex(@"^#+ (?<words>.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NoAnchor();
}
