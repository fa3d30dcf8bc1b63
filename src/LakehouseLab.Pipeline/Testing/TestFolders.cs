namespace LakehouseLab.Pipeline.Testing;

/// <summary>The folders in which tests of models are: in all their <c>*.yaml</c> and <c>*.yml</c> files that say <c>unit_tests:</c>.</summary>
/// <param name="Folders">The folders; one that is not there has no tests.</param>
/// <param name="WorkingFolder">The folder that files are named from in messages.</param>
public sealed record TestFolders(IReadOnlyList<string> Folders, string WorkingFolder)
{
    /// <summary>Reads all tests, in the order of the files' paths.</summary>
    /// <exception cref="World.Requests.InvalidRequestException">A file is wrong; the message names it and the line.</exception>
    internal IEnumerable<UnitTest> Read() => Folders.Where(Directory.Exists).SelectMany(ReadFolder);

    /// <inheritdoc/>
    public override string ToString() => Folders.Count == 0 ? Name(WorkingFolder) : string.Join(" or ", Folders.Select(Name));

    private IEnumerable<UnitTest> ReadFolder(string folder)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(static file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal);
        foreach (string file in files)
        {
            string text = File.ReadAllText(file);
            if (UnitTestFile.IsOne(text))
            {
                foreach (UnitTest test in new UnitTestFile(file, Name(file)).Read(text))
                {
                    yield return test;
                }
            }
        }
    }

    private string Name(string path) => Path.GetRelativePath(WorkingFolder, path);
}
