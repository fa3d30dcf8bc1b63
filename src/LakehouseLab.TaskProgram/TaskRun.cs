using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.TaskProgram;

/// <summary>One run of the program.</summary>
/// <param name="tasks">Standard input.</param>
/// <param name="answers">Standard output.</param>
/// <param name="words">Standard error, whose end an engine shows to its user.</param>
internal sealed class TaskRun(TextReader tasks, TextWriter answers, TextWriter words)
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongCommand = 2;

    // An engine shows the last 2 KB.
    private const int LongestMessage = 1_000;

    private const string Usage = """
        lakelab-task decodes Bronze files in the tasks of a query engine, for lakelab pipeline run --engine spark.

        lakelab-task version                        says which version it is
        lakelab-task decode [--credentials <file>]  reads a task a line, as JSON, and answers each with a line; S3 is reached by the
                                                    environment (AWS_ACCESS_KEY_ID, S3_ENDPOINT ...), else by the file
        """;

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellationToken">Drops the file at hand.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await (arguments switch
            {
                ["--help"] or ["help"] => AnswerAsync(Usage),
                ["version"] or ["--version"] => SayVersionAsync(cancellationToken),
                ["decode"] => DecodeAsync(null, cancellationToken),
                ["decode", "--credentials", { Length: > 0 } file] => DecodeAsync(file, cancellationToken),
                _ => RefuseAsync(arguments),
            });
        }
        catch (Exception exception)
        {
            string message = exception switch
            {
                StorageException or StorageLocationException or TaskProtocolException => exception.Message,
                OperationCanceledException or IOException when cancellationToken.IsCancellationRequested => "ended, because it was told to or nobody reads its answers any more",
                OutOfMemoryException => "out of memory: give the workers' programs more memory beside the executors, or let fewer tasks run at once",
                _ => $"a fault of this program, {exception.GetType().Name}: {exception.Message}",
            };
            await words.WriteLineAsync($"{TaskVersion.ProgramName}: {Shorten(message.ReplaceLineEndings(" "))}");
            return Failed;
        }
    }

    // An engine writes rows to whatever it starts, and takes a program that does not read them for a failed one.
    private async Task<int> SayVersionAsync(CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            while (await ReadAsync(cancellationToken) is not null)
            {
            }
        }

        return await AnswerAsync(TaskProtocol.Write(TaskVersion.Current));
    }

    private async Task<int> DecodeAsync(string? credentials, CancellationToken cancellationToken)
    {
        TaskDecoder decoder = new(WorkerStores.Of(credentials));
        while (await ReadAsync(cancellationToken) is { } line)
        {
            DecodeAnswer answer = await decoder.DecodeAsync(TaskProtocol.ReadTask(line), cancellationToken);
            await answers.WriteLineAsync(TaskProtocol.Write(answer));
        }

        return Done;
    }

    // A read of a pipe that has begun cannot be cancelled; it ends with the process.
    private Task<string?> ReadAsync(CancellationToken cancellationToken) => tasks.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);

    private async Task<int> AnswerAsync(string text)
    {
        await answers.WriteLineAsync(text);
        return Done;
    }

    private async Task<int> RefuseAsync(string[] arguments)
    {
        await words.WriteLineAsync($"{TaskVersion.ProgramName}: '{Shorten(string.Join(' ', arguments))}' is not a command: write version, or decode with --credentials and a file or without");
        return WrongCommand;
    }

    private static string Shorten(string text) => text.Length <= LongestMessage ? text : $"{text[..LongestMessage]}...";
}
