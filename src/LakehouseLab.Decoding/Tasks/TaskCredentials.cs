using System.Text;

namespace LakehouseLab.Decoding.Tasks;

/// <summary>
/// The file of credentials for S3 that goes to workers whose environment has none: lines of <c>NAME=value</c>. Never in a command, a
/// task, an answer or a message.
/// </summary>
public static class TaskCredentials
{
    /// <summary>Name of the file, as it is uploaded.</summary>
    public const string FileName = "lakelab-task.credentials";

    /// <summary>The variable without which an environment has no credentials.</summary>
    private const string KeyId = "AWS_ACCESS_KEY_ID";

    private static readonly string[] s_names =
    [
        KeyId, "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "S3_ENDPOINT", "S3_PATH_STYLE",
    ];

    /// <summary>The file for an environment.</summary>
    /// <param name="variable">Reads a variable; null when it is not set.</param>
    /// <returns>The file's content, or null when the environment has no credentials.</returns>
    public static byte[]? Of(Func<string, string?> variable)
    {
        if (string.IsNullOrEmpty(variable(KeyId)))
        {
            return null;
        }

        IEnumerable<string> lines = s_names.Select(name => (Name: name, Value: variable(name))).Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair =>
            pair.Value!.AsSpan().ContainsAny('\n', '\r') ? throw new TaskProtocolException($"{pair.Name} has a line break, which no credential has: set it to one line") : $"{pair.Name}={pair.Value}\n");
        return Encoding.UTF8.GetBytes(string.Concat(lines));
    }

    /// <summary>What a worker's environment lacks and a file has; nothing where the environment has credentials.</summary>
    /// <param name="variable">Reads a variable of the environment; null when it is not set.</param>
    /// <param name="path">The file; null for none.</param>
    /// <returns>The variables that the environment does not set.</returns>
    /// <exception cref="TaskProtocolException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> ReadFor(Func<string, string?> variable, string? path)
    {
        if (path is null || !string.IsNullOrEmpty(variable(KeyId)))
        {
            return new Dictionary<string, string>();
        }

        Dictionary<string, string> found = [];
        foreach ((int index, string line) in ReadLines(path).Index())
        {
            int split = line.IndexOf('=', StringComparison.Ordinal);
            string name = split < 0 ? "" : line[..split];
            if (!s_names.Contains(name, StringComparer.Ordinal) || !found.TryAdd(name, line[(split + 1)..]))
            {
                throw new TaskProtocolException($"line {index + 1} of {path} is not NAME=value of a variable that S3 needs, each once: {string.Join(", ", s_names)}");
            }
        }

        return found.Where(pair => string.IsNullOrEmpty(variable(pair.Key))).ToDictionary();
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TaskProtocolException($"the file of credentials {path} cannot be read ({exception.Message}): upload it with the session, or set {KeyId} and AWS_SECRET_ACCESS_KEY in the workers' environment");
        }
    }
}
