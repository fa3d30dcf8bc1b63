using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LakehouseLab.Decoding.Tasks;

/// <summary>
/// The protocol between an engine and <c>lakelab-task</c>: one document of JSON a line, in ASCII, so that nothing on the way, neither a
/// separator of columns nor an encoding, can change it.
/// </summary>
public static class TaskProtocol
{
    /// <summary>Writes a task.</summary>
    public static string Write(DecodeTask task) => JsonSerializer.Serialize(task, TaskDocuments.Default.DecodeTask);

    /// <summary>Writes an answer.</summary>
    public static string Write(DecodeAnswer answer) => JsonSerializer.Serialize(answer, TaskDocuments.Default.DecodeAnswer);

    /// <summary>Writes a version.</summary>
    public static string Write(TaskVersion version) => JsonSerializer.Serialize(version, TaskDocuments.Default.TaskVersion);

    /// <summary>Reads a task.</summary>
    /// <exception cref="TaskProtocolException">It is not one.</exception>
    public static DecodeTask ReadTask(string line) => Read(line, "task", TaskDocuments.Default.DecodeTask);

    /// <summary>Reads an answer.</summary>
    /// <exception cref="TaskProtocolException">It is not one.</exception>
    public static DecodeAnswer ReadAnswer(string? line) => Read(line, "answer", TaskDocuments.Default.DecodeAnswer);

    /// <summary>Reads a version.</summary>
    /// <exception cref="TaskProtocolException">It is not one.</exception>
    public static TaskVersion ReadVersion(string? line) => Read(line, "version", TaskDocuments.Default.TaskVersion);

    /// <summary>Puts the answers of tasks into the tasks' order.</summary>
    /// <param name="tasks">The tasks, each of another file.</param>
    /// <param name="answers">What came back.</param>
    /// <returns>An answer for each task.</returns>
    /// <exception cref="TaskProtocolException">There is not exactly one answer for each task, or one is not what its task asked for.</exception>
    public static IReadOnlyList<DecodeAnswer> Match(IReadOnlyList<DecodeTask> tasks, IReadOnlyCollection<DecodeAnswer> answers)
    {
        ILookup<string, DecodeAnswer> byFile = answers.ToLookup(answer => answer.File, StringComparer.Ordinal);
        if (answers.Count != tasks.Count || tasks.FirstOrDefault(task => byFile[task.File].Count() != 1) is not null)
        {
            throw new TaskProtocolException($"{TaskVersion.ProgramName} answered {answers.Count} of {tasks.Count} files: look into the workers' logs, and whether the program runs on every worker");
        }

        // Equal records twice would pass for duplicates, and those of another file be lost.
        if (answers.GroupBy(answer => answer.Output, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } shared)
        {
            throw new TaskProtocolException($"{TaskVersion.ProgramName} answered {shared.Key} for {shared.Count()} files: install the {TaskVersion.ProgramName} of this release on every worker");
        }

        return [.. tasks.Select(task => Checked(task, byFile[task.File].Single()))];
    }

    private static DecodeAnswer Checked(DecodeTask task, DecodeAnswer answer) =>
        answer.Fingerprint != task.Fingerprint
            ? throw new TaskProtocolException($"{task.File} was decoded by {TaskVersion.ProgramName} {answer.Version} ({answer.Fingerprint}), which decodes otherwise than this program ({task.Fingerprint}): install the {TaskVersion.ProgramName} of this release on every worker")
        : answer.Summary.Records != task.Records
            ? throw new TaskProtocolException($"{TaskVersion.ProgramName} found {answer.Summary.Records} records in {task.File}, of which the table's log says that it has {task.Records}: restore the file from a copy")
        : !answer.Output.StartsWith(task.Staging, StringComparison.Ordinal)
            ? throw new TaskProtocolException($"{TaskVersion.ProgramName} wrote {task.File} to {answer.Output}, which is not below {task.Staging}: install the {TaskVersion.ProgramName} of this release on every worker")
        : answer;

    private static T Read<T>(string? line, string what, JsonTypeInfo<T> type)
    {
        try
        {
            return (line is null ? default : JsonSerializer.Deserialize(line, type))
                ?? throw new TaskProtocolException($"a null came instead of the {what} of {TaskVersion.ProgramName}: the program on the workers is another one, or its output was cut");
        }
        catch (JsonException exception)
        {
            throw new TaskProtocolException($"'{Start(line!)}' is not a {what} of {TaskVersion.ProgramName} ({exception.Message.ReplaceLineEndings(" ")}): the program on the workers is another one, or its output was cut");
        }
    }

    private static string Start(string line) => line.Length <= 80 ? line : $"{line[..80]}…";
}
