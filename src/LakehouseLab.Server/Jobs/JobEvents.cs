using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LakehouseLab.Server.Jobs;

/// <summary>The events of jobs.</summary>
internal static class JobEvents
{
    /// <summary>Their media type.</summary>
    public const string MediaType = "text/event-stream";
}

/// <summary>
/// Tells a client about a job as server-sent events, until it has ended or the service stops: its document at first, whenever its state
/// changes, and once a second while it makes progress. Every connection begins with the present, so a client that was cut off only asks again.
/// </summary>
/// <typeparam name="T">The document.</typeparam>
/// <param name="look">Looks at the job: its document, and whether it has ended.</param>
/// <param name="changes">Tells of its changes.</param>
/// <param name="clock">The clock.</param>
/// <param name="stopping">The service stops.</param>
internal sealed class JobEvents<T>(Func<(T Document, bool Ended)> look, ChangeSignal changes, TimeProvider clock, CancellationToken stopping) : IResult
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = JobEvents.MediaType;
        httpContext.Response.Headers.CacheControl = "no-store";
        JsonSerializerOptions json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        JsonTypeInfo<T> form = (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            byte[] last = [];
            long toldAt = clock.GetTimestamp();
            while (true)
            {
                Task changed = changes.Next;
                (T document, bool ended) = look();
                byte[] data = JsonSerializer.SerializeToUtf8Bytes(document, form);
                if (!data.AsSpan().SequenceEqual(last))
                {
                    await WriteAsync(httpContext, "event: status\ndata: "u8.ToArray(), data, end.Token).ConfigureAwait(false);
                    (last, toldAt) = (data, clock.GetTimestamp());
                }
                else if (clock.GetElapsedTime(toldAt) >= s_silence)
                {
                    // A comment shows that the connection lives.
                    await WriteAsync(httpContext, ":"u8.ToArray(), [], end.Token).ConfigureAwait(false);
                    toldAt = clock.GetTimestamp();
                }

                if (ended)
                {
                    return;
                }

                await Task.WhenAny(changed, Task.Delay(s_interval, clock, end.Token)).ConfigureAwait(false);
                end.Token.ThrowIfCancellationRequested();
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
