using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Results;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>The Spark Connect client through a proxy that ends TLS and checks a token.</summary>
public sealed class TlsProxyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_ThroughATlsProxy_NeedsItsTokenAndAValidCertificate()
    {
        await using TlsProxy proxy = await TlsProxy.StartAsync(SparkConnectionString.Parse(await StackSystem.FindAsync("SPARK_REMOTE", "spark")));
        SparkSessionOptions options = new() { TrustedIssuers = [proxy.Issuer] };
        Task<SparkSession> OpenAsync(int port, string parameters, SparkSessionOptions? with = null) =>
            SparkSession.OpenAsync(SparkConnectionString.Parse($"sc://localhost:{port}/;{parameters}"), with ?? options, Cancellation);

        await using (SparkSession session = await OpenAsync(proxy.Port, $"use_ssl=true;token={TlsProxy.Token}"))
        {
            await session.AddArtifactAsync("numbers", new MemoryStream(new byte[5_000_000]), Cancellation);
            using SparkResult result = await session.QueryAsync("SELECT id FROM range(1000000)", cancellationToken: Cancellation);
            Assert.Equal(1_000_000, result.RowCount);
        }

        SparkAccessException token = await Assert.ThrowsAsync<SparkAccessException>(() => OpenAsync(proxy.Port, "use_ssl=true;token=guessed"));
        Assert.Contains("give a valid token", token.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed", token.Message, StringComparison.Ordinal);
        SparkAccessException issuer = await Assert.ThrowsAsync<SparkAccessException>(() => OpenAsync(proxy.Port, $"use_ssl=true;token={TlsProxy.Token}", new SparkSessionOptions()));
        Assert.Contains("its certificate is not accepted", issuer.Message, StringComparison.Ordinal);
        SparkAccessException expired = await Assert.ThrowsAsync<SparkAccessException>(() => OpenAsync(proxy.ExpiredPort, $"use_ssl=true;token={TlsProxy.Token}"));
        Assert.Contains("its certificate is not accepted", expired.Message, StringComparison.Ordinal);
        SparkConnectionException plain = await Assert.ThrowsAsync<SparkConnectionException>(() => OpenAsync(proxy.Port, $"use_ssl=false;token={TlsProxy.Token}", options with { OpenFor = TimeSpan.FromSeconds(1) }));
        Assert.Contains("use_ssl", plain.Message, StringComparison.Ordinal);
    }
}
