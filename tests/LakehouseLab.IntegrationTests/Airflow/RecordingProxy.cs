using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>
/// Hands connections on to a server as they are, and tells of each request that it sees. While it has no server it breaks connections, and while it
/// is to fail it answers itself, with 500.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly string[] s_methods = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE "];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Action<string> _onRequest;
    private readonly Action<string>? _onAnswer;
    private readonly Task _accepting;
    private CancellationTokenSource _server = new();
    private int _broken;

    /// <summary>Starts it.</summary>
    /// <param name="onRequest">Is told each request: method and path.</param>
    /// <param name="onAnswer">Is told what servers send.</param>
    public RecordingProxy(Action<string> onRequest, Action<string>? onAnswer = null)
    {
        _onRequest = onRequest;
        _onAnswer = onAnswer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>The server; null for none.</summary>
    public Uri? Server { get; set; }

    /// <summary>How many connections came to no server.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Whether it answers each request with 500.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Answers each request with 500, from now on or no longer, and ends the connections that it has, as a proxy does whose server fails.</summary>
    public async Task FailAsync(bool fails)
    {
        IsFailing = fails;
        // Not disposed: a connection that just begins may ask for its token.
        await Interlocked.Exchange(ref _server, new CancellationTokenSource()).CancelAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
        _server.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
                connections.RemoveAll(static connection => connection.IsCompleted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient near = client;
        using TcpClient far = new();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _server.Token);
        try
        {
            if (IsFailing || Server is not { } server)
            {
                Interlocked.Increment(ref _broken);
                await (IsFailing ? RefuseAsync(near, end.Token) : Task.CompletedTask);
                return;
            }

            await far.ConnectAsync(server.Host, server.Port, end.Token);
            await Task.WhenAny(CopyAsync(near, far, Request, end.Token), CopyAsync(far, near, Answer, end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // The server is away: so the client finds it.
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    // A client waits for an answer before it sends another request: a request begins what is read.
    private void Request(ReadOnlySpan<byte> bytes)
    {
        foreach (string method in s_methods)
        {
            if (bytes.StartsWith(Encoding.ASCII.GetBytes(method)))
            {
                int end = bytes.IndexOf(" HTTP/1.1"u8);
                _onRequest(Encoding.ASCII.GetString(bytes[..(end < 0 ? bytes.Length : end)]));
            }
        }
    }

    private static async Task RefuseAsync(TcpClient client, CancellationToken cancellation)
    {
        // A client that is closed upon before it was heard sees a broken connection.
        await client.GetStream().ReadAtLeastAsync(new byte[1 << 16], 1, throwOnEndOfStream: false, cancellation);
        await client.GetStream().WriteAsync("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
    }

    private void Answer(ReadOnlySpan<byte> bytes) => _onAnswer?.Invoke(Encoding.UTF8.GetString(bytes));

    private static async Task CopyAsync(TcpClient from, TcpClient to, Seen seen, CancellationToken cancellation)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, cancellation)) > 0)
            {
                seen(buffer.AsSpan(0, count));
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone: so does the connection.
        }
    }

    private delegate void Seen(ReadOnlySpan<byte> bytes);
}
