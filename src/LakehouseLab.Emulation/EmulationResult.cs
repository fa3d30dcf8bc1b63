using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation;

/// <summary>What an emulation did.</summary>
/// <param name="Schema">The domain.</param>
/// <param name="Emulation">Its id.</param>
/// <param name="FirstRow">First row of its range.</param>
/// <param name="Rows">Rows of its range.</param>
/// <param name="MadeRows">Rows made by this run.</param>
/// <param name="MadeBytes">Bytes made by this run.</param>
/// <param name="FraudsByRule">Fraudulent rows made by this run, by rule.</param>
public sealed record EmulationResult(
    DomainSchema Schema,
    Guid Emulation,
    long FirstRow,
    long Rows,
    long MadeRows,
    long MadeBytes,
    IReadOnlyDictionary<FraudRule, long> FraudsByRule);

/// <summary>How far an emulation is.</summary>
/// <param name="Schema">The domain.</param>
/// <param name="Rows">Rows that are done, those of earlier runs among them.</param>
/// <param name="TotalRows">Rows of the range.</param>
/// <param name="MadeRows">Rows made by this run.</param>
/// <param name="Bytes">Bytes made by this run.</param>
public readonly record struct EmulationProgress(DomainSchema Schema, long Rows, long TotalRows, long MadeRows, long Bytes);
