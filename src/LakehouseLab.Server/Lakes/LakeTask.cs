namespace LakehouseLab.Server.Lakes;

/// <summary>A pipeline run or an audit in memory. Its record is replaced as a whole, once the new one is durable.</summary>
internal sealed class LakeTask(LakeTaskRecord record)
{
    private volatile LakeTaskRecord _record = record;
    private volatile string? _step;

    /// <summary>What is durable of it.</summary>
    public LakeTaskRecord Record => _record;

    /// <summary>What it works on; null when it does not work.</summary>
    public string? Step
    {
        get => _step;
        set => _step = value;
    }

    /// <summary>Takes over a record that is durable.</summary>
    public void Publish(LakeTaskRecord record) => _record = record;
}

/// <summary>Does the work of one kind of tasks.</summary>
internal interface ILakeWork
{
    /// <summary>The kind.</summary>
    string Kind { get; }

    /// <summary>Does the work.</summary>
    /// <param name="task">What is asked for.</param>
    /// <param name="step">Is told what is worked on.</param>
    /// <param name="stop">Stops it, to be done again later.</param>
    /// <returns>The task with its result, and why it failed; null when it did not.</returns>
    Task<(LakeTaskRecord Result, string? Failure)> RunAsync(LakeTaskRecord task, Action<string> step, CancellationToken stop);

    /// <summary>The task with what there is to tell when its work ended with an exception.</summary>
    LakeTaskRecord Fail(LakeTaskRecord task, Exception exception) => task;
}
