using System.Text.Json;
using LakehouseLab.Server.Jobs;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Emulations;

/// <summary>Tells a client how an emulation goes on, as server-sent events, until it has ended or the service stops.</summary>
internal sealed class EmulationEvents(EmulationJob job, TimeProvider clock, CancellationToken stopping)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15);

    /// <summary>Writes the events.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            byte[] last = [];
            long toldAt = clock.GetTimestamp();
            while (true)
            {
                // The state is looked at first: what is told after the end is final.
                bool ended = job.Record.State.IsEnded();
                byte[] status = JsonSerializer.SerializeToUtf8Bytes(StatusView.Of(job), ServiceJson.Documents.StatusView);
                if (!status.AsSpan().SequenceEqual(last))
                {
                    await WriteAsync(context, "event: status\ndata: "u8.ToArray(), status, end.Token).ConfigureAwait(false);
                    (last, toldAt) = (status, clock.GetTimestamp());
                }
                else if (clock.GetElapsedTime(toldAt) > s_silence)
                {
                    // A comment shows that the connection lives.
                    await WriteAsync(context, ":"u8.ToArray(), [], end.Token).ConfigureAwait(false);
                    toldAt = clock.GetTimestamp();
                }

                if (ended)
                {
                    return;
                }

                await Task.Delay(s_interval, clock, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has gone, or the service stops; a client that asks again is told the rest.
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] start, byte[] data, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync((byte[])[.. start, .. data, (byte)'\n', (byte)'\n'], cancellationToken).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
