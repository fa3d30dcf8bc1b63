using Xunit.Sdk;

namespace LakehouseLab.Tests.Pages;

public sealed class PageRunTests
{
    [Fact]
    public async Task FollowAsync_FoldersVariablesAndFiles_LastFromStepToStep()
    {
        using TemporaryFolder folder = new();
        using PageRun run = new(folder.Path) { Variables = new Dictionary<string, string> { ["GIVEN"] = "g" }, Translate = static commands => commands.Replace("show", "cat", StringComparison.Ordinal) };
        Page page = Page.Parse("p.md",
            "```sh\nmkdir inner\ncd inner\nexport KEPT=\"k k\"\n```\nIn `a/b.txt`:\n```json file=a/b.txt\n{}\n```\n```sh exit=3\nshow a/b.txt\necho $KEPT $GIVEN >&2\nexit 3\n```\n```text\n{}\nk k g\n```\n```sh needs=a-cluster\nfalse\n```\n");
        Assert.Equal(2, await run.FollowAsync(page));
        Assert.Equal("{}\n", await File.ReadAllTextAsync(folder.Combine("inner/a/b.txt"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("```sh\ntrue\nfalse\n```\n", "p.md:1: the commands ended with 1, not with 0")]
    [InlineData("```sh exit=1\ntrue\n```\n", "p.md:1: the commands ended with 0, not with 1")]
    [InlineData("```sh\nfalse | true\n```\n", "p.md:1: the commands ended with 1, not with 0")]
    [InlineData("```sh\necho $NEVER_SET\n```\n", "p.md:1: the commands ended with 1, not with 0")]
    [InlineData("\n```sh\necho a\n```\n```text\nb\n```\n", "p.md:2: line 6 is not what was written: b")]
    public async Task FollowAsync_OtherwiseThanThePageSays_Fails(string text, string message)
    {
        using TemporaryFolder folder = new();
        using PageRun run = new(folder.Path);
        XunitException failure = await Assert.ThrowsAnyAsync<XunitException>(() => run.FollowAsync(Page.Parse("p.md", text)));
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FollowAsync_TheProgram_IsTheBuiltOneWithoutSettingsOfOthers()
    {
        using TemporaryFolder folder = new();
        using PageRun run = new(folder.Path) { Variables = new Dictionary<string, string> { ["LAKELAB_SEED"] = "7" } };
        Assert.Equal(1, await run.FollowAsync(Page.Parse("p.md", "```sh\nlakelab sample transaction -n 1 --seed 7 > a\nlakelab sample transaction -n 1 > b\ncmp a b\n```\n")));
    }
}
