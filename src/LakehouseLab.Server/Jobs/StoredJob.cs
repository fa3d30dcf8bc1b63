namespace LakehouseLab.Server.Jobs;

/// <summary>A job as the database keeps it.</summary>
/// <param name="Kind">What it is: <c>emulation</c>, <c>pipeline_run</c>, <c>audit</c>.</param>
/// <param name="Number">Its number among all of its kind, which grows.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">Its state, for whoever looks into the database.</param>
/// <param name="Record">Everything, as JSON; null to delete the job.</param>
internal sealed record StoredJob(string Kind, long Number, Guid Id, JobState State, string? Record);
