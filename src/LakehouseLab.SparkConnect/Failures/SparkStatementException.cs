namespace LakehouseLab.SparkConnect.Failures;

/// <summary>Spark answered a statement with an error.</summary>
/// <param name="causes">The error and what caused it, outermost first; at least one.</param>
/// <param name="innerException">The call's failure.</param>
public sealed class SparkStatementException(IReadOnlyList<SparkCause> causes, Exception? innerException = null) : SparkException(Describe(causes), innerException)
{
    /// <summary>The error and what caused it, outermost first, each in full.</summary>
    public IReadOnlyList<SparkCause> Causes { get; } = causes;

    /// <summary>Spark's name of the error, such as <c>TABLE_OR_VIEW_NOT_FOUND</c>; null where it has none.</summary>
    public string? ErrorClass => Causes[0].ErrorClass;

    /// <summary>The SQL state, such as <c>42P01</c>; null where it has none.</summary>
    public string? SqlState => Causes[0].SqlState;

    // The outermost message often says only that a task failed: the innermost says why.
    private static string Describe(IReadOnlyList<SparkCause> causes)
    {
        SparkCause first = causes[0];
        SparkCause last = causes[^1];
        return first.Message.Contains(last.Message, StringComparison.Ordinal) ? first.Message : $"{first.Message} (cause: {last.Message})";
    }
}

/// <summary>One error of a chain.</summary>
/// <param name="Type">The exception's class in Spark; empty where it is not known.</param>
/// <param name="Message">Its whole message.</param>
/// <param name="ErrorClass">Spark's name of the error; null where it has none.</param>
/// <param name="SqlState">The SQL state; null where it has none.</param>
/// <param name="Fragment">The part of the statement that it is about; null where it is about none.</param>
public sealed record SparkCause(string Type, string Message, string? ErrorClass = null, string? SqlState = null, string? Fragment = null);
