using System.CommandLine;
using LakehouseLab.Cli;
using LakehouseLab.Cli.Commands;
using LakehouseLab.Cli.Parsing;

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

        string line = example[example.IndexOf("lakelab", StringComparison.Ordinal)..].Split('|')[0];
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

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static Surroundings Nowhere() => new() { Output = Stream.Null, Text = TextWriter.Null, Words = TextWriter.Null };
}
