using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Completions;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>completion</c>: a script that teaches a shell to complete command lines.</summary>
internal sealed class CompletionCommand : CommandWithExample
{
    private readonly ValueArgument<string> _script = new("shell", "The shell that reads the script.", CompletionScript.Shells);

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("completion", "Print a script that lets a shell complete commands, flags and values.", "source <(lakelab completion bash)", CompletionScript.Shells.Text);

    public CompletionCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_script);
        Runs(surroundings, (call, _) =>
        {
            call.Surroundings.Text.Write(CompletionScript.Read(call.Get(_script)));
            return Task.FromResult(ExitCode.Done);
        });
    }
}
