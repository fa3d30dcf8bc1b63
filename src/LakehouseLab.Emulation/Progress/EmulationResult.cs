using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation.Progress;

/// <summary>What an emulation did.</summary>
/// <param name="Schema">The domain.</param>
/// <param name="Emulation">Its id.</param>
/// <param name="FirstRow">First row of its range.</param>
/// <param name="Rows">Rows that it has; once it has ended, those that it delivered.</param>
/// <param name="MadeRows">Rows made by this run.</param>
/// <param name="MadeBytes">Bytes that this run delivered.</param>
/// <param name="FraudsByRule">Fraudulent rows made by this run, by rule.</param>
/// <param name="Behind">By how much records left later than their pace, in all.</param>
public sealed record EmulationResult(
    DomainSchema Schema,
    Guid Emulation,
    long FirstRow,
    long Rows,
    long MadeRows,
    long MadeBytes,
    IReadOnlyDictionary<FraudRule, long> FraudsByRule,
    TimeSpan Behind)
{
    /// <summary>How long the rows took: from when the first could leave until the last was delivered or, at a pace, had left. The start is not in it.</summary>
    public TimeSpan Time { get; init; }
}

/// <summary>How far an emulation is.</summary>
/// <param name="Schema">The domain.</param>
/// <param name="Rows">Rows that are done, those of earlier runs among them.</param>
/// <param name="TotalRows">Rows of the range; null when it goes on until it is ended.</param>
/// <param name="MadeRows">Rows made by this run.</param>
/// <param name="Bytes">Bytes that this run has made durable and visible.</param>
public readonly record struct EmulationProgress(DomainSchema Schema, long Rows, long? TotalRows, long MadeRows, long Bytes)
{
    /// <summary>The row after the last that is durable and visible.</summary>
    public long NextRow { get; init; }

    /// <summary>Rows that this run has made durable and visible.</summary>
    public long DeliveredRows { get; init; }

    /// <summary>Chunks that are there, those of earlier runs among them.</summary>
    public int Chunks { get; init; }

    /// <summary>The event time that delivered rows have reached, in Unix milliseconds; null before the first of this run.</summary>
    public long? EventTime { get; init; }

    /// <summary>By how much records left later than their pace, in all.</summary>
    public TimeSpan Behind { get; init; }
}
