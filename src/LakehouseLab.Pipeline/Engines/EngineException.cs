using LakehouseLab.Pipeline.Failures;

namespace LakehouseLab.Pipeline.Engines;

/// <summary>An engine refused a statement, or failed while it ran.</summary>
/// <param name="message">What the engine says, in one line.</param>
/// <param name="innerException">What the engine threw.</param>
internal sealed class EngineException(string message, Exception innerException) : ModelException(message, innerException)
{
    /// <summary>The reason alone, to stand in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether a value of a row is the cause, so that other rows would pass.</summary>
    public required bool IsOfValue { get; init; }

    /// <summary>The line of the statement where the mistake is, from 1; null when the engine does not tell.</summary>
    public int? Line { get; init; }
}
