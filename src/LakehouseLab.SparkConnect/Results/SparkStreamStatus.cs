namespace LakehouseLab.SparkConnect.Results;

/// <summary>What a streaming query does now.</summary>
/// <param name="Message">In Spark's words.</param>
/// <param name="IsActive">Whether it runs.</param>
/// <param name="IsTriggerActive">Whether a batch is on its way.</param>
/// <param name="IsDataAvailable">Whether its source has more.</param>
public sealed record SparkStreamStatus(string Message, bool IsActive, bool IsTriggerActive, bool IsDataAvailable);

/// <summary>Why a streaming query failed.</summary>
/// <param name="Message">The message.</param>
/// <param name="ErrorClass">Spark's name of the error; null where it has none.</param>
/// <param name="StackTrace">Where in Spark, with each error that caused it; null where it is not told.</param>
public sealed record SparkStreamFailure(string Message, string? ErrorClass, string? StackTrace);
