using System.CommandLine;
using LakehouseLab.Cli;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Tests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Leaves(CommandTree.Create(Nowhere())).Select(ParseProblem.FullName)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_AnyCommand_ShowsAnExampleThatItUnderstands(string command)
    {
        CommandRun run = await CommandRun.OfAsync($"{command["lakelab ".Length..]} --help");
        Assert.Equal(0, run.Code);
        string example = run.Data[(run.Data.IndexOf("Example:", StringComparison.Ordinal) + "Example:".Length)..].Trim();
        Assert.Contains(command, example, StringComparison.Ordinal);

        string line = example[example.IndexOf("lakelab", StringComparison.Ordinal)..].Split('|', '>')[0].TrimEnd(')');
        ParseResult parsed = CommandTree.Create(Nowhere()).Parse(line["lakelab".Length..]);
        Assert.Empty(parsed.Errors);
        Assert.IsAssignableFrom<CommandWithExample>(parsed.CommandResult.Command);
    }

    [Fact]
    public async Task Help_NoCommand_ListsTheCommands()
    {
        CommandRun run = await CommandRun.OfAsync("");
        Assert.Equal(0, run.Code);
        Assert.Contains("emulate", run.Data, StringComparison.Ordinal);
        Assert.Empty(run.Words);
    }

    [Fact]
    public async Task Help_NoCommand_IsThatOfTheWholeTree()
    {
        using StringWriter whole = new() { NewLine = "\n" };
        Surroundings surroundings = new() { Output = Stream.Null, Text = whole, Words = TextWriter.Null };
        HelpWithExample.Write(CommandTree.Create(surroundings), surroundings);
        Assert.Equal(whole.ToString(), (await CommandRun.OfAsync("--help")).Data);
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.Where(sub => !sub.Hidden).SelectMany(Leaves);

    private static Surroundings Nowhere() => new() { Output = Stream.Null, Text = TextWriter.Null, Words = TextWriter.Null };
}
