using LakehouseLab.Server.Http;

namespace LakehouseLab.Server.Lakes;

/// <summary>Answers that pipeline runs and audits share.</summary>
internal static class LakeReplies
{
    private const string RetryAfterSeconds = "30";

    /// <summary>Too many wait already.</summary>
    public static Reply Full() =>
        Reply.Problem(429, $"too many runs and audits wait for their turn: try again in {RetryAfterSeconds} s").With("Retry-After", RetryAfterSeconds);
}
