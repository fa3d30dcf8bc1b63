using System.Globalization;
using System.Security.Cryptography;
using Grpc.Core;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.SparkConnect.Connections;

/// <summary>Failures of the connection in a row: pauses between attempts, doubling, with jitter, and an end when they have lasted long enough.</summary>
/// <param name="server">Which server, for the message.</param>
/// <param name="lasts">How long they may last.</param>
/// <param name="time">The clock.</param>
internal sealed class Outage(string server, TimeSpan lasts, TimeProvider time)
{
    private const int FirstMilliseconds = 50;
    private const int MostMilliseconds = 5_000;

    private long? _since;
    private int _attempts;

    /// <summary>Ends the outage: the server answered.</summary>
    public void End() => (_since, _attempts) = (null, 0);

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="failure">Why the last one failed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SparkConnectionException">It has lasted too long.</exception>
    public Task PauseAsync(RpcException failure, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        TimeSpan lasted = time.GetElapsedTime(_since ??= now, now);
        int most = Math.Min(MostMilliseconds, FirstMilliseconds << Math.Min(++_attempts, 10));
        TimeSpan pause = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(most / 2, most));
        return lasted + pause <= lasts
            ? Task.Delay(pause, time, cancellationToken)
            : throw new SparkConnectionException(string.Create(CultureInfo.InvariantCulture, $"{server} cannot be reached ({TransportFailure.Words(failure)}; tried for {lasts.TotalSeconds:0.#} s): check that the server runs, and its address, port and use_ssl."), failure);
    }
}
