using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Connections;

/// <summary>The connection to a server.</summary>
internal sealed class SparkChannel : IDisposable
{
    private readonly GrpcChannel _channel;

    public SparkChannel(SparkConnectionString connection, SparkSessionOptions options)
    {
        // No pings: a server that does not allow them closes the connection, and a running statement is heard of every two seconds.
        SocketsHttpHandler handler = new() { EnableMultipleHttp2Connections = true, ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (options.TrustedIssuers is { } issuers)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(issuers);
        }

        _channel = GrpcChannel.ForAddress($"{(connection.UseTls ? "https" : "http")}://{connection.Host}:{connection.Port}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = connection.MaxMessageSize,
            MaxReconnectBackoff = TimeSpan.FromSeconds(2),
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        });
        Client = new SparkConnectService.SparkConnectServiceClient(_channel);
        Headers = [];
        if (connection.Token is { } token)
        {
            Headers.Add("authorization", $"Bearer {token}");
        }

        foreach ((string name, string value) in connection.Headers)
        {
            Headers.Add(name, value);
        }
    }

    public SparkConnectService.SparkConnectServiceClient Client { get; }

    /// <summary>What each call carries.</summary>
    public Metadata Headers { get; }

    public void Dispose() => _channel.Dispose();
}
