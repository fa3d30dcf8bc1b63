using System.CommandLine;
using System.CommandLine.Parsing;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Values;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Calls;

/// <summary>Says in one line what is wrong with a command line whose shape is wrong.</summary>
internal static class ParseProblem
{
    /// <summary>Describes the first problem.</summary>
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = FullName(command);
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string token = parsed.UnmatchedTokens[0];
            return token.StartsWith('-') ? UnknownFlag(token, command, name)
                : command.Subcommands.Count > 0 ? $"'{token}' is not a command of {name}{AskOrRemedy(token, command.Subcommands.Select(sub => sub.Name), name)}"
                : $"'{token}' is one argument too many{Remedy(name)}";
        }

        if (OfCounts(parsed.CommandResult) is { } problem)
        {
            return problem + Remedy(name);
        }

        // What a command is about comes before how.
        ParseError error = parsed.Errors.FirstOrDefault(error => error.SymbolResult is ArgumentResult) ?? parsed.Errors[0];
        return error.SymbolResult is OptionResult { Option: IValueSymbol } or ArgumentResult { Argument: IValueSymbol }
            ? error.Message
            : error.Message.TrimEnd('.') + Remedy(name);
    }

    /// <summary>A command with those that lead to it, such as <c>lakelab pipeline run</c>.</summary>
    public static string FullName(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{FullName(parent)} {command.Name}" : command.Name;

    // Too few or too many values of an argument or a flag.
    private static string? OfCounts(CommandResult result)
    {
        if (result.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument)?.Tokens.Count is null or 0) is { } missing)
        {
            return $"{result.Command.Name} needs {missing.HelpName ?? missing.Name}";
        }

        return result.Children.OfType<OptionResult>()
            .Where(option => option.Option.Arity.MinimumNumberOfValues > 0)
            .Select(option => option.Tokens.Count switch
            {
                0 => $"{option.Option.Name} needs a value",
                > 1 => $"{option.Option.Name} was given {option.Tokens.Count} times",
                _ => null,
            })
            .FirstOrDefault(problem => problem is not null);
    }

    private static string UnknownFlag(string token, Command command, string name)
    {
        string flag = token.Split('=', 2)[0];
        IEnumerable<string> known = command.Options.Select(option => option.Name);
        return $"{flag} is not a flag of {name}{AskOrRemedy(flag, known, name)}";
    }

    private static string AskOrRemedy(string written, IEnumerable<string> words, string name) =>
        NearestWord.Ask(written, words) is { Length: > 0 } question ? question : Remedy(name);

    private static string Remedy(string name) => $"; see {name} --help";
}
