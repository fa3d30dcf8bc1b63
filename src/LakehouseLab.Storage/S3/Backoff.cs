using System.Security.Cryptography;

namespace LakehouseLab.Storage.S3;

/// <summary>Pauses between attempts: doubling, with jitter, so that many clients do not come back at once.</summary>
internal static class Backoff
{
    private const int FirstMilliseconds = 50;
    private const int MostMilliseconds = 5_000;

    /// <summary>The pause before an attempt.</summary>
    /// <param name="attempt">How many attempts have failed, from 1.</param>
    public static TimeSpan Of(int attempt)
    {
        int most = Math.Min(MostMilliseconds, FirstMilliseconds << Math.Min(attempt, 10));
        return TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(most / 2, most));
    }

    /// <summary>Waits before an attempt.</summary>
    /// <param name="attempt">How many attempts have failed, from 1.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task WaitAsync(int attempt, TimeProvider clock, CancellationToken cancellationToken) => Task.Delay(Of(attempt), clock, cancellationToken);
}
