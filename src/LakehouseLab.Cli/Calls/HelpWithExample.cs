using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Calls;

/// <summary>Help that ends with an example to copy.</summary>
internal sealed class HelpWithExample(Surroundings surroundings) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Writes a command's help.</summary>
    public static void Write(Command command, Surroundings surroundings) =>
        command.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = surroundings.Text, Error = surroundings.Words });

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        new HelpAction { MaxWidth = surroundings.Width }.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CommandWithExample { Example: var example })
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {example}\n");
        }

        return ExitCode.Done;
    }
}
