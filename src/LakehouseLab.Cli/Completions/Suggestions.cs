using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using LakehouseLab.Cli.Options;
using LakehouseLab.Pipeline.Projects;

namespace LakehouseLab.Cli.Completions;

/// <summary>
/// What may stand at the end of an unfinished command line. The library's own suggestions match anywhere within a word,
/// offer flags beside values, and fail at <c>--flag=value</c>.
/// </summary>
internal static class Suggestions
{
    /// <summary>Finds the words that complete the last one of a line.</summary>
    /// <param name="root">The tree of commands.</param>
    /// <param name="line">The line up to the cursor; it begins with the program's name.</param>
    /// <param name="models">The models that a command line has; asked only where tables may stand.</param>
    /// <returns>Whole words that begin with what is written of the last one.</returns>
    public static IEnumerable<string> For(Command root, string line, Func<ParseResult, ModelCatalog> models)
    {
        string written = line.Length == 0 || char.IsWhiteSpace(line[^1]) ? "" : line[(line.LastIndexOfAny([' ', '\t']) + 1)..];
        string[] before = [.. CommandLineParser.SplitCommandLine(line[..^written.Length]).Skip(1)];
        int equals = written.StartsWith('-') ? written.IndexOf('=', StringComparison.Ordinal) : -1;
        if (equals > 0)
        {
            before = [.. before, written[..equals]];
        }

        string kept = written[..(equals + 1)];
        ParseResult parsed = root.Parse(before);
        return Words(parsed, written[kept.Length..], hasFlag: equals > 0, () => models(parsed)).Select(word => kept + word)
            .Where(word => word.StartsWith(written, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Words(ParseResult parsed, string written, bool hasFlag, Func<ModelCatalog> models)
    {
        Command command = parsed.CommandResult.Command;
        IEnumerable<Option> options = [.. command.Options, .. Above(command).SelectMany(above => above.Options.Where(option => option.Recursive))];
        if (options.FirstOrDefault(option => Waits(parsed, option)) is { } waiting)
        {
            return ValuesOf(waiting, written, models);
        }

        if (hasFlag)
        {
            return [];
        }

        return written.StartsWith('-')
            ? options.Where(option => !option.Hidden && parsed.GetResult(option) is null or { Implicit: true }).Select(option => option.Name)
            : [
                .. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name),
                .. command.Arguments.FirstOrDefault(argument => parsed.GetResult(argument)?.Tokens.Count is null or 0) is { } next ? ValuesOf(next, written, models) : [],
            ];
    }

    private static bool Waits(ParseResult parsed, Option option) =>
        option.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 };

    private static IEnumerable<Command> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Above(parent).Prepend(parent));

    private static IEnumerable<string> ValuesOf(Symbol symbol, string written, Func<ModelCatalog> models)
    {
        IValueSymbol? own = symbol as IValueSymbol;
        string[] entries = own is { IsList: true } ? written.Split(',') : [written];
        string kept = written[..^entries[^1].Length];
        IEnumerable<string> values = own?.OffersOfModels is { } offers ? offers(models()) : symbol.GetCompletions(CompletionContext.Empty).Select(static item => item.Label);
        return values.Except(entries[..^1]).Select(value => kept + value);
    }
}
