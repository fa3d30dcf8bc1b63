using LakehouseLab.Pipeline.Projects;

namespace LakehouseLab.Tests.Cli.Completions;

public sealed class SuggestionsTests
{
    [Theory]
    [InlineData("lakelab em", "emulate")]
    [InlineData("lakelab comp", "completion")]
    [InlineData("lakelab pipeline r", "run runs")]
    [InlineData("lakelab emulate ", "all device-log transaction user-profile")]
    [InlineData("lakelab emulate t", "transaction")]
    [InlineData("lakelab emulate transaction ", "")]
    [InlineData("lakelab emulate transaction --fo", "--format")]
    [InlineData("lakelab emulate transaction --format csv --fo", "")]
    [InlineData("lakelab emulate transaction --format ", "csv json parquet")]
    [InlineData("lakelab emulate transaction --format c", "csv")]
    [InlineData("lakelab emulate transaction --format=", "--format=csv --format=json --format=parquet")]
    [InlineData("lakelab emulate transaction --format=c", "--format=csv")]
    [InlineData("lakelab emulate transaction --no-such=c", "")]
    [InlineData("lakelab emulate --trips ", "off on")]
    [InlineData("lakelab emulate --first-row ", "next")]
    [InlineData("lakelab emulate --rows ", "")]
    [InlineData("lakelab emulate --rows 1x tr", "transaction")]
    [InlineData("lakelab audit --layers raw,s", "raw,silver")]
    [InlineData("lakelab audit --layers silver,s", "")]
    [InlineData("lakelab audit --json --qu", "--quiet")]
    [InlineData("lakelab history gold.daily_s", "gold.daily_spend")]
    [InlineData("lakelab pipeline run --select silver.transactions", "silver.transactions silver.transactions+ silver.transactions_daily silver.transactions_daily+")]
    [InlineData("lakelab pipeline run --select bronze", "")]
    [InlineData("lakelab quarantine list --table ", "silver.device_logs silver.transactions silver.user_profiles_history")]
    [InlineData("lakelab query \"SELECT 1", "")]
    [InlineData("lakelab completion ", "bash pwsh zsh")]
    [InlineData("/opt/lakelab sch", "schema")]
    public async Task Complete_Line_ListsWhatMayComeNext(string line, string expected)
    {
        CommandRun run = await CommandRun.OfAsync(["complete", line]);
        Assert.Equal((0, ""), (run.Code, run.Words));
        Assert.Equal(expected, string.Join(' ', run.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("lakelab pipeline run --select gold.cu", "gold.currency_days gold.currency_days+ gold.customer_360 gold.customer_360+")]
    [InlineData("lakelab history gold.cu", "gold.currency_days gold.customer_360")]
    [InlineData("lakelab pipeline compile gold.cu", "gold.currency_days gold.customer_360")]
    [InlineData("lakelab optimize --models /nowhere gold.cu", "gold.customer_360")]
    public async Task Complete_InAProject_NamesItsTablesToo(string line, string expected)
    {
        using TemporaryFolder folder = new();
        ProjectFolder.Create(folder.Path);
        CommandRun run = await CommandRun.OfAsync(["complete", line], folder: folder.Path);
        Assert.Equal((0, ""), (run.Code, run.Words));
        Assert.Equal(expected, string.Join(' ', run.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Complete_Flags_NamesEveryOneThatIsNotGivenYet()
    {
        string[] flags = (await CommandRun.OfAsync(["complete", "lakelab emulate transaction --seed 7 --"])).Data.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("--fraud-rate", flags);
        Assert.Contains("--json", flags);
        Assert.Contains("--help", flags);
        Assert.DoesNotContain("--seed", flags);
    }

    [Fact]
    public async Task Completion_UnknownShell_IsRefused()
    {
        CommandRun run = await CommandRun.OfAsync("completion bsh");
        Assert.Equal((2, "lakelab: shell: 'bsh' is none of bash, zsh, pwsh; did you mean bash?\n"), (run.Code, run.Words));
    }
}
