using System.Text.Json.Serialization;

namespace LakehouseLab.Server.Jobs;

/// <summary>The state of a job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
internal enum JobState
{
    /// <summary>It is durable and waits for its turn.</summary>
    [JsonStringEnumMemberName("scheduled")]
    Scheduled,

    /// <summary>It works.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>A system that it needs is away; it continues when that is back.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>It has come to its end.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It cannot go on.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Somebody ended it before its time.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>The transitions between states: the one place that knows them.</summary>
internal static class JobStates
{
    /// <summary>Whether nothing comes after a state by itself.</summary>
    public static bool IsEnded(this JobState state) => state is JobState.Completed or JobState.Failed or JobState.Cancelled;

    /// <summary>Whether a job may go from a state to another.</summary>
    public static bool Allows(this JobState from, JobState to) => (from, to) switch
    {
        (JobState.Scheduled, JobState.Running) => true,
        (JobState.Running, JobState.Waiting) or (JobState.Waiting, JobState.Running) => true,
        (JobState.Failed, JobState.Scheduled) or (JobState.Cancelled, JobState.Scheduled) => true,
        _ => !from.IsEnded() && to.IsEnded(),
    };

    /// <summary>Refuses a transition that does not exist.</summary>
    /// <exception cref="InvalidOperationException">There is no such transition: a fault of this program.</exception>
    public static JobState To(this JobState from, JobState to) =>
        from.Allows(to) ? to : throw new InvalidOperationException($"a job cannot go from {from} to {to}");
}
