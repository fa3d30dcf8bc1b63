namespace LakehouseLab.Pipeline.Reports;

/// <summary>What a pipeline run would do.</summary>
/// <param name="Bronze">What would come into Bronze.</param>
/// <param name="Models">What each model would do, in order.</param>
public sealed record PipelinePlan(IReadOnlyList<BronzePlan> Bronze, IReadOnlyList<ModelPlan> Models)
{
    /// <summary>Why tables would fail.</summary>
    public IEnumerable<string> Failures => Bronze.Select(bronze => bronze.Failure).Concat(Models.Select(model => model.Failure)).OfType<string>();
}

/// <summary>What would come into a Bronze table.</summary>
/// <param name="Table">The table.</param>
/// <param name="NewObjects">Raw objects that it lacks.</param>
/// <param name="NewOffsets">Offsets of topics that it lacks: at least as many as there are records.</param>
/// <param name="Failure">Why it would fail; null when it would not.</param>
public sealed record BronzePlan(string Table, long NewObjects, long NewOffsets, string? Failure = null)
{
    /// <summary>Whether anything would come.</summary>
    public bool Runs => NewObjects > 0 || NewOffsets > 0 || Replays > 0;

    /// <summary>Repaired records whose replay was killed.</summary>
    public long Replays { get; init; }

    /// <summary>Raw objects that a run would not ingest as they are now, and why, as far as that is known without reading what is new.</summary>
    public IReadOnlyList<ObjectRemark> Remarks { get; init; } = [];
}

/// <summary>What a model would do.</summary>
/// <param name="Table">The model's table.</param>
/// <param name="Runs">Whether it would run.</param>
/// <param name="Full">Whether its table would be recomputed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Failure">Why it would fail; null when it would not.</param>
public sealed record ModelPlan(string Table, bool Runs, bool Full, string Reason, string? Failure = null);
