namespace LakehouseLab.Bench;

/// <summary>The program as it is published: compiled ahead, for this machine. It is what all figures are of.</summary>
internal static class PublishedProgram
{
    private const string Source = "src/LakehouseLab.Cli";

    /// <summary>Publishes it from the repository that the working folder is in.</summary>
    /// <param name="folder">Where to.</param>
    /// <returns>The program.</returns>
    public static async Task<string> MakeAsync(string folder)
    {
        string source = Path.Combine(FindRoot(), Source);
        await Lakelab.RunProgramAsync("dotnet", ["publish", source, "-c", "Release", "--use-current-runtime", "-o", folder, "-v", "q", "--nologo"]);
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "lakelab.exe" : "lakelab");
    }

    /// <summary>The repository that the working folder is in.</summary>
    public static string FindRoot()
    {
        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, Source)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"there is no {Source} above {Environment.CurrentDirectory}: run it in the repository, or name a published program with --program");
    }
}
