namespace LakehouseLab.Decoding.Tasks;

/// <summary>A task or an answer is not what the protocol of <c>lakelab-task</c> says.</summary>
/// <param name="message">One line for the user.</param>
public sealed class TaskProtocolException(string message) : Exception(message);
