using LakehouseLab.Tests;
using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Pages;

/// <summary>The pages of the documentation do what they say, also what they say of systems that this machine has.</summary>
public sealed class PagesTests
{
    private const string FromSources = "dotnet run -c Release --project src/LakehouseLab.Cli -- ";
    private const string AddADomain = "docs/add-a-domain.md";
    private const string Rebuild = "LAKELAB_REBUILD";

    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Page.Repository, "docs"), "*.md").Select(static file => $"docs/{Path.GetFileName(file)}")
            .Where(static name => name != AddADomain && Page.Read(name).Steps.OfType<CommandStep>().Any()).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public Task Readme_FollowedWithTheBuiltProgram_ShowsWhatItSays() =>
        FollowAsync(Page.Read("README.md"), static commands => commands.Replace(FromSources, "lakelab ", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Page_FollowedWordForWord_ShowsWhatItSays(string name) => FollowAsync(Page.Read(name));

    // It builds the program in a copy of the sources, which takes minutes.
    [Fact]
    public async Task AddADomain_FollowedInACopyOfTheSources_ShowsWhatItSays()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Rebuild) != "1", $"{Rebuild} is not 1");
        using TemporaryFolder folder = new();
        foreach (string file in Sources())
        {
            string copy = folder.Combine(Path.GetRelativePath(Page.Repository, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await FollowAsync(Page.Read(AddADomain), folder);
    }

    private static async Task FollowAsync(Page page, Func<string, string>? translate = null)
    {
        using TemporaryFolder folder = new();
        await FollowAsync(page, folder, translate);
    }

    private static async Task FollowAsync(Page page, TemporaryFolder folder, Func<string, string>? translate = null)
    {
        IReadOnlyList<CommandStep> commands = [.. page.Steps.OfType<CommandStep>()];
        (IReadOnlyList<string> has, IReadOnlyDictionary<string, string> variables) = await StackSystem.FindAsync(commands.SelectMany(static command => command.Needs));
        using PageRun run = new(folder.Path) { Has = has, Variables = variables, Translate = translate ?? (static commands => commands) };
        Assert.Equal(commands.Count(command => command.Needs.All(has.Contains)), await run.FollowAsync(page));
    }

    // What a build of the program needs of the repository.
    private static IEnumerable<string> Sources() =>
    [
        .. Directory.EnumerateFiles(Page.Repository).Where(static file => Path.GetFileName(file) is "Directory.Build.props" or "Directory.Packages.props" or "BannedSymbols.txt" or "global.json" or ".editorconfig"),
        .. ((string[])["src", "models"]).SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Page.Repository, folder), "*", SearchOption.AllDirectories))
            .Where(static file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)),
    ];
}
