using System.Net;
using System.Text.Json;

namespace LakehouseLab.Cli.Commands;

/// <summary>Asks the service on this machine whether it is ready: the healthcheck of containers.</summary>
internal static class ServeCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    /// <summary>Asks once.</summary>
    /// <param name="host">The address that the service was told to listen on.</param>
    /// <param name="port">Its port.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Whether it is ready, and that in one line.</returns>
    public static async Task<(bool IsReady, string Line)> AskAsync(string host, int port, CancellationToken cancellationToken)
    {
        string address = $"http://{Reachable(host)}:{port}";
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_patience };

        // By a name of its own it answers without a key, whatever address it is reached at.
        using HttpRequestMessage request = new(HttpMethod.Get, $"{address}/health/ready") { Headers = { Host = $"localhost:{port}" } };
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK
                ? (true, $"the service at {address} is ready")
                : (false, $"the service at {address} is not ready: {Problems(body) ?? $"it answers {(int)response.StatusCode}"}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            string reason = exception is HttpRequestException ? exception.Message.TrimEnd('.') : $"it does not answer within {s_patience.TotalSeconds} s";
            return (false, $"no service at {address}: {reason}");
        }
    }

    // What listens on every address is asked at loopback.
    private static string Reachable(string host) => IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)
        ? address.Equals(IPAddress.Any) ? "127.0.0.1"
            : address.Equals(IPAddress.IPv6Any) ? "[::1]"
            : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString()
        : host;

    private static string? Problems(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            IEnumerable<string> needs = document.RootElement.GetProperty("needs").EnumerateArray()
                .Where(static need => !need.GetProperty("ready").GetBoolean())
                .Select(static need => $"{need.GetProperty("name").GetString()}: {need.GetProperty("problem").GetString()}");
            return string.Join("; ", needs);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
