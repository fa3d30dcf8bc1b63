using System.CommandLine;
using System.CommandLine.Invocation;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli;

/// <summary>The program: from arguments to an exit code. Every failure becomes one line on the words' stream.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="surroundings">The process around it.</param>
    /// <param name="cancellationToken">Cancelled by Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Surroundings surroundings, CancellationToken cancellationToken)
    {
        ParseResult? parsed = null;
        try
        {
            parsed = CommandTree.Create(surroundings, arguments).Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction or null)
            {
                if (parsed.UnmatchedTokens.Count == 0 && parsed.CommandResult.Command is { Action: null, Subcommands.Count: > 0 })
                {
                    HelpWithExample.Write(parsed.CommandResult.Command, surroundings);
                    return await FlushAsync(surroundings, ExitCode.Done).ConfigureAwait(false);
                }

                throw new InvalidRequestException(ParseProblem.Describe(parsed));
            }

            InvocationConfiguration configuration = new()
            {
                Output = surroundings.Text,
                Error = surroundings.Words,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            int code = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
            return await FlushAsync(surroundings, code).ConfigureAwait(false);
        }
        catch (OutputClosedException)
        {
            return ExitCode.Done;
        }
        catch (Exception exception)
        {
            return await FailAsync(exception, parsed, surroundings).ConfigureAwait(false);
        }
    }

    private static async Task<int> FlushAsync(Surroundings surroundings, int code)
    {
        await surroundings.Text.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return code;
    }

    private static async Task<int> FailAsync(Exception exception, ParseResult? parsed, Surroundings surroundings)
    {
        if (parsed?.CommandResult.Command is CommandWithExample command)
        {
            command.TellFailure(new CommandCall(parsed, surroundings), exception);
        }

        (int code, string line) = ExitCode.Of(exception);
        await surroundings.Words.WriteLineAsync($"lakelab: {line.ReplaceLineEndings(" ")}").ConfigureAwait(false);
        if (surroundings.Variable(Surroundings.DebugVariable) is { Length: > 0 })
        {
            await surroundings.Words.WriteLineAsync(exception.ToString()).ConfigureAwait(false);
        }

        return code;
    }
}
