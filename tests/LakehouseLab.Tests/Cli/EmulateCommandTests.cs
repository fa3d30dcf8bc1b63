using System.Globalization;
using System.Text.Json;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.World;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Cli;

public sealed class EmulateCommandTests
{
    [Theory]
    [InlineData("transaction", "timestamp")]
    [InlineData("device-log", "login_timestamp")]
    [InlineData("user-profile", "updated_at")]
    public async Task Emulate_FromUntil_IsTheSliceOfTheWholeByEventTime(string domain, string eventTime)
    {
        const string From = "2026-01-01T20:00:00Z";
        const string Until = "2026-01-02T04:30:00Z";
        CommandRun whole = await CommandRun.OfAsync($"emulate {domain} --rows 30k --users 5k --out -");
        CommandRun slice = await CommandRun.OfAsync($"emulate {domain} --users 5k --out - --from {From} --until {Until}");
        string[] expected = [.. Lines(whole.Data).Where(line => Instant(line, eventTime) is { } instant
            && instant >= DateTimeOffset.Parse(From, CultureInfo.InvariantCulture) && instant < DateTimeOffset.Parse(Until, CultureInfo.InvariantCulture))];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Lines(slice.Data));

        // The first end that is reached ends it.
        CommandRun first = await CommandRun.OfAsync($"emulate {domain} --users 5k --out - --from {From} --until {Until} --rows 7");
        Assert.Equal(expected.Take(7), Lines(first.Data));
    }

    [Fact]
    public async Task Emulate_AllWithShards_EqualsTheWholeInEveryDomain()
    {
        using TemporaryFolder folder = new();
        string[] all = ["emulate", "all", "--users", "100", "--threads", "2"];
        Assert.Equal(0, (await CommandRun.OfAsync([.. all, "--rows", "9k", "--out", folder.Combine("whole")])).Code);
        Assert.Equal(0, (await CommandRun.OfAsync([.. all, "--rows", "2k", "--lake", folder.Combine("lake")])).Code);
        Assert.Equal(0, (await CommandRun.OfAsync([.. all, "--rows", "3k", "--first-row", "next", "--lake", folder.Combine("lake")])).Code);
        CommandRun rest = await CommandRun.OfAsync([.. all, "--rows", "9k", "--lake", folder.Combine("lake")]);
        Assert.Contains("transaction: 4,000 rows more of 9,000", rest.Words, StringComparison.Ordinal);
        Assert.Equal(Records(folder.Combine("whole")), Records(folder.Combine("lake")));

        CommandRun again = await CommandRun.OfAsync([.. all, "--rows", "9k", "--lake", folder.Combine("lake"), "--json"]);
        using JsonDocument report = JsonDocument.Parse(again.Data);
        Assert.All(report.RootElement.GetProperty("domains").EnumerateArray(), domain => Assert.Equal(0, domain.GetProperty("made_rows").GetInt64()));
    }

    [Fact]
    public async Task Emulate_ByItsId_GoesOnAsItWasBegun()
    {
        using TemporaryFolder folder = new();
        string[] line = ["emulate", "transaction", "--lake", folder.Combine("lake")];
        Assert.Equal(0, (await CommandRun.OfAsync([.. line, "--rows", "100"])).Code);
        EmulationRequest begun = new(BuiltIn.Transaction, new EmulatedWorld(new WorldSettings()), 100, 50) { Labels = false, StopRow = 120 };
        EmulationResult made = await Emulator.RunAsync(begun, await Lake.OpenAsync(folder.Combine("lake"), TestContext.Current.CancellationToken), new EmulationControl(), TestContext.Current.CancellationToken);

        CommandRun rest = await CommandRun.OfAsync([.. line, "--emulation", made.Emulation.ToString()]);
        Assert.Equal(0, rest.Code);
        Assert.StartsWith("transaction: 30 rows more of 50, ", rest.Words, StringComparison.Ordinal);
        string[] records = Records(folder.Combine("lake"));
        Assert.Equal(150, records.Length);
        Assert.Equal(50, records.Count(record => !record.Contains("is_fraud", StringComparison.Ordinal)));

        CommandRun otherDomain = await CommandRun.OfAsync(["emulate", "device-log", "--lake", folder.Combine("lake"), "--emulation", made.Emulation.ToString()]);
        Assert.Contains($"emulation {made.Emulation} is of transaction, not device-log", otherDomain.Words, StringComparison.Ordinal);
        CommandRun unknown = await CommandRun.OfAsync([.. line, "--emulation", Guid.Empty.ToString()]);
        Assert.Equal(2, unknown.Code);
        Assert.Contains($"has no emulation {Guid.Empty} of transaction", unknown.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emulate_LakeOfAnotherWorld_NamesBothAndWritesNothing()
    {
        using TemporaryFolder folder = new();
        string lake = folder.Combine("lake");
        Assert.Equal(0, (await CommandRun.OfAsync(["emulate", "transaction", "--rows", "10", "--seed", "7", "--lake", lake])).Code);
        Assert.Equal(0, (await CommandRun.OfAsync(["emulate", "transaction", "--rows", "10", "--first-row", "next", "--lake", lake])).Code);
        CommandRun refused = await CommandRun.OfAsync(["emulate", "all", "--rows", "50", "--seed", "8", "--users", "20k", "--lake", lake]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("seed is 7, not 8; users is 10000, not 20000", refused.Words, StringComparison.Ordinal);
        Assert.Equal(20, Records(lake).Length);
    }

    [Fact]
    public async Task Emulate_UnderWayInAnotherRun_IsRefusedAndOtherRowsAreMade()
    {
        using TemporaryFolder folder = new();
        string[] command = ["emulate", "transaction", "--rows", "10", "--lake", folder.Path];
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        Guid emulation = EmulationId.Of(new EmulationRequest(BuiltIn.Transaction, new EmulatedWorld(new WorldSettings()), 0, 10), "lake");
        using (await lake.LockEmulationAsync(emulation, TestContext.Current.CancellationToken))
        {
            CommandRun refused = await CommandRun.OfAsync(command);
            Assert.Equal((2, $"lakelab: emulation {emulation} of lake '{folder.Path}' is under way in another run: wait until that ends, or ask for other rows\n"), (refused.Code, refused.Words));
            Assert.Equal(0, (await CommandRun.OfAsync([.. command, "--first-row", "10"])).Code);
        }

        Assert.Equal(0, (await CommandRun.OfAsync(command)).Code);
        Assert.Equal(20, Records(folder.Path).Length);
    }

    [Fact]
    public async Task Emulate_NextRowsByTheSameCommandAtOnce_AreOtherRowsForEach()
    {
        using TemporaryFolder folder = new();
        string[] command = ["emulate", "transaction", "--rows", "50", "--first-row", "next", "--lake", folder.Path];
        CommandRun[] runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => CommandRun.OfAsync(command))));
        Assert.All(runs, run => Assert.True(run.Code == 0, run.Words));
        Assert.Equal(Lines((await CommandRun.OfAsync("emulate transaction --rows 300 --out -")).Data).Order(StringComparer.Ordinal), Records(folder.Path));
    }

    [Theory]
    [InlineData("_lakelab/world.json", "{\"layout\":2,\"x\":1}", 2, "a newer program made this lake (layout 2, this program knows 1)")]
    [InlineData("_lakelab/world.json", "{", 3, "is damaged")]
    [InlineData("_lakelab/ranges/transaction/0.json", "{\"emulation\":1}", 3, "is damaged")]
    [InlineData("raw/_emulations/*.json", "null", 3, "is damaged: it holds null")]
    [InlineData("raw/_emulations/*/00000000.json", "[]", 3, "is damaged")]
    public async Task Emulate_DamagedFileOfTheLake_IsNamedInOneLine(string file, string content, int code, string expected)
    {
        using TemporaryFolder folder = new();
        string[] line = ["emulate", "transaction", "--rows", "10", "--lake", folder.Path];
        Assert.Equal(0, (await CommandRun.OfAsync(line)).Code);
        string emulation = Directory.EnumerateDirectories(folder.Combine("raw/transaction")).Select(Path.GetFileName).Single()!;
        string path = file.Replace("*", emulation, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.Combine(path), content, TestContext.Current.CancellationToken);

        CommandRun run = await CommandRun.OfAsync(line);
        Assert.Equal(code, run.Code);
        Assert.Contains(path, run.Words, StringComparison.Ordinal);
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    private static string[] Lines(string data) => data.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static DateTimeOffset? Instant(string line, string member)
    {
        using JsonDocument record = JsonDocument.Parse(line);
        return record.RootElement.TryGetProperty(member, out JsonElement value) ? value.GetDateTimeOffset() : null;
    }

    private static string[] Records(string root) =>
        [.. Directory.EnumerateFiles(Path.Combine(root, "raw"), "*-*.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains("_emulations", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).Order(StringComparer.Ordinal)];
}
