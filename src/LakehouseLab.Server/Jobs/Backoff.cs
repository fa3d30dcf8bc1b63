using System.Security.Cryptography;

namespace LakehouseLab.Server.Jobs;

/// <summary>How long to wait before trying again: twice as long each time, up to half a minute, and not all at the same moment.</summary>
internal static class Backoff
{
    private const int FirstMilliseconds = 500;
    private const int MostMilliseconds = 30_000;

    /// <summary>The wait after an attempt.</summary>
    /// <param name="attempt">The attempt, from 0.</param>
    public static TimeSpan Of(int attempt)
    {
        int whole = Math.Min(MostMilliseconds, FirstMilliseconds << Math.Min(attempt, 6));
        return TimeSpan.FromMilliseconds((whole / 2) + RandomNumberGenerator.GetInt32(whole / 2));
    }
}
