namespace LakehouseLab.Emulation.Kafka;

/// <summary>A Kafka cluster failed, or has not what was asked of it: the message names it and the remedy.</summary>
/// <param name="message">One line for the user.</param>
/// <param name="isUnavailable">Whether the cluster cannot serve now and may later, so that waiting helps.</param>
/// <param name="innerException">What failed; null when nothing below did.</param>
public sealed class BrokerException(string message, bool isUnavailable = false, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the cluster cannot serve now and may later, so that waiting helps.</summary>
    public bool IsUnavailable { get; } = isUnavailable;
}
