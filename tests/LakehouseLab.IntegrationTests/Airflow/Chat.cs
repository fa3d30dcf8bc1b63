using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>A chat's webhook, which remembers what it was told.</summary>
internal sealed class Chat : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _messages = [];
    private readonly Action _onMessage;

    /// <summary>Starts it on a free port.</summary>
    public Chat(Action onMessage)
    {
        _onMessage = onMessage;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/hook/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = AnswerAsync();
    }

    /// <summary>The webhook.</summary>
    public Uri Address { get; }

    /// <summary>The texts, the oldest first.</summary>
    public IReadOnlyCollection<string> Messages => _messages;

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using JsonDocument message = await JsonDocument.ParseAsync(context.Request.InputStream);
                _onMessage();
                _messages.Enqueue(message.RootElement.GetProperty("text").GetString()!);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
