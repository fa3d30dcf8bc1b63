using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>nginx before a Spark Connect server, as clusters have it: TLS outside, and a token that is checked. A second port has a certificate that has expired.</summary>
internal sealed class TlsProxy : IAsyncDisposable
{
    /// <summary>The token that passes.</summary>
    public const string Token = "let-me-in";

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private TlsProxy(TemporaryFolder folder, Process process, int port, int expiredPort, X509Certificate2 issuer)
    {
        _folder = folder;
        _process = process;
        Port = port;
        ExpiredPort = expiredPort;
        Issuer = issuer;
    }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The port whose certificate has expired.</summary>
    public int ExpiredPort { get; }

    /// <summary>The certificate by which the good port's is known.</summary>
    public X509Certificate2 Issuer { get; }

    /// <summary>Starts it, or skips the test.</summary>
    public static async Task<TlsProxy> StartAsync(SparkConnectionString spark)
    {
        ExternalProgram nginx = ExternalProgram.Find("LAKELAB_NGINX");
        TemporaryFolder folder = new();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 expired = Certificate(now.AddDays(-9), now.AddDays(-1));
        X509Certificate2 good = Certificate(now.AddDays(-1), now.AddDays(1));
        await WriteAsync(folder, "good", good);
        await WriteAsync(folder, "expired", expired);
        (int port, int expiredPort) = (FreePort(), FreePort());
        string upstream = string.Create(CultureInfo.InvariantCulture, $"{spark.Host}:{spark.Port}");
        string settings = Path.Combine(folder.Path, "nginx.conf");
        await File.WriteAllTextAsync(
            settings,
            $$"""
            daemon off;
            master_process off;
            pid {{folder.Path}}/pid;
            error_log {{folder.Path}}/errors;
            events { }
            http {
                access_log off;
                client_body_temp_path {{folder.Path}}/bodies;
                client_max_body_size 0;
                grpc_read_timeout 1h;
                server {
                    listen 127.0.0.1:{{port}} ssl http2;
                    ssl_certificate {{folder.Path}}/good.pem;
                    ssl_certificate_key {{folder.Path}}/good.key;
                    if ($http_authorization != "Bearer {{Token}}") { return 401; }
                    location / { grpc_pass grpc://{{upstream}}; }
                }
                server {
                    listen 127.0.0.1:{{expiredPort}} ssl http2;
                    ssl_certificate {{folder.Path}}/expired.pem;
                    ssl_certificate_key {{folder.Path}}/expired.key;
                    location / { grpc_pass grpc://{{upstream}}; }
                }
            }
            """,
            TestContext.Current.CancellationToken);
        Process process = Process.Start(new ProcessStartInfo(nginx.Path, ["-c", settings, "-p", folder.Path, "-e", Path.Combine(folder.Path, "errors")]))!;
        TlsProxy proxy = new(folder, process, port, expiredPort, good);
        await Eventually.HoldsAsync(async () =>
        {
            Assert.False(process.HasExited, process.HasExited ? await File.ReadAllTextAsync(Path.Combine(folder.Path, "errors")) : "");
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return proxy;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Issuer.Dispose();
        _folder.Dispose();
    }

    private static X509Certificate2 Certificate(DateTimeOffset from, DateTimeOffset until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(from, until);
    }

    private static async Task WriteAsync(TemporaryFolder folder, string name, X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(Path.Combine(folder.Path, $"{name}.pem"), certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, $"{name}.key"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
    }

    private static int FreePort()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
