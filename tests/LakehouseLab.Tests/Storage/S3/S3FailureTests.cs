using System.Net;
using System.Text;
using Amazon.Runtime;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Tests.Storage.S3;

/// <summary>What S3 answers, or does not, becomes one sentence with a remedy.</summary>
public sealed class S3FailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(403, "AccessDenied", false, "denies access: give the user s3:GetObject")]
    [InlineData(403, "InvalidAccessKeyId", false, "does not take the credentials (InvalidAccessKeyId): correct AWS_ACCESS_KEY_ID")]
    [InlineData(403, "RequestTimeTooSkewed", false, "this machine's clock differs from that of http://s3.test: set the clock")]
    [InlineData(404, "NoSuchBucket", false, "there is no such bucket at http://s3.test: correct its name")]
    [InlineData(301, "PermanentRedirect", false, "the bucket is in another region")]
    [InlineData(503, "SlowDown", true, "is overloaded or failing (SlowDown): run the same command again later")]
    [InlineData(507, "XMinioStorageFull", true, "the disk of http://s3.test is full: free space there")]
    [InlineData(400, "EntityTooLarge", false, "says EntityTooLarge: words")]
    public async Task Put_Refused_SaysWhyAndWhatToDo(int status, string code, bool unavailable, string words)
    {
        using TemporaryFolder cache = new();
        S3Store store = Open(cache, _ => Answer(status, $"<Error><Code>{code}</Code><Message>words</Message></Error>"));
        StorageException failure = await Assert.ThrowsAsync<StorageException>(() => store.PutAsync("a/b", new byte[1], Cancellation).AsTask());
        Assert.StartsWith("cannot write s3://lakehouse/p/a/b: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Equal(unavailable, failure.IsUnavailable);
    }

    [Theory]
    [InlineData("Failed to resolve AWS credentials. The credential providers returned:\nnone", "there are no credentials: set AWS_ACCESS_KEY_ID")]
    [InlineData("No RegionEndpoint or ServiceURL configured", "no region is known: set AWS_REGION")]
    [InlineData("Unable to find the \"work\" profile.", "the credentials cannot be had (Unable to find the \"work\" profile): correct AWS_PROFILE")]
    [InlineData("SSO Token has expired and can not be refreshed.", "the credentials cannot be had (SSO Token has expired and can not be refreshed): correct AWS_PROFILE or log in again")]
    [InlineData("Expected hash not equal to calculated hash", "(Expected hash not equal to calculated hash): run the same command again")]
    public async Task Put_TheClientFails_NamesTheRealCause(string message, string words)
    {
        using TemporaryFolder cache = new();
        S3Store store = Open(cache, _ => throw new AmazonClientException(message));
        StorageException failure = await Assert.ThrowsAsync<StorageException>(() => store.PutAsync("a/b", new byte[1], Cancellation).AsTask());
        Assert.StartsWith("cannot write s3://lakehouse/p/a/b: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Read_NobodyListens_SaysSo()
    {
        using TemporaryFolder cache = new();
        S3Store store = Open(cache, static _ => throw new HttpRequestException("refused", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused)));
        StorageException failure = await Assert.ThrowsAsync<StorageException>(() => store.ReadAsync("a", Cancellation).AsTask());
        Assert.Equal("cannot read s3://lakehouse/p/a: http://s3.test cannot be reached (connection refused): start it, or correct S3_ENDPOINT", failure.Message);
        Assert.True(failure.IsUnavailable);
    }

    [Fact]
    public async Task TryPut_ConflictWithAnotherRequest_IsTriedAgain()
    {
        using TemporaryFolder cache = new();
        int puts = 0;
        S3Store store = Open(cache, request => request.Method == HttpMethod.Head ? Answer(404, string.Empty)
            : ++puts == 1 ? Answer(409, "<Error><Code>ConditionalRequestConflict</Code></Error>")
            : Answer(200, string.Empty));
        Assert.True(await store.TryPutAsync("a", new byte[1], Cancellation));
        Assert.Equal(2, puts);
    }

    [Fact]
    public async Task Read_BodyBreaksOff_GoesOnWhereItWas()
    {
        using TemporaryFolder cache = new();
        List<string?> ranges = [];
        S3Store store = Open(cache, request =>
        {
            ranges.Add(request.Headers.Range?.ToString());
            byte[] rest = Encoding.ASCII.GetBytes(ranges.Count == 1 ? "0123" : "456789");
            HttpResponseMessage answer = new(ranges.Count == 1 ? HttpStatusCode.OK : HttpStatusCode.PartialContent) { Content = new StreamContent(new MemoryStream(rest)) };
            answer.Content.Headers.ContentLength = ranges.Count == 1 ? 10 : 6;
            answer.Headers.ETag = new System.Net.Http.Headers.EntityTagHeaderValue("\"00112233445566778899aabbccddeeff-2\"");
            return answer;
        });
        Assert.Equal("0123456789"u8.ToArray(), await store.ReadAsync("a", Cancellation));
        Assert.Equal([null, "bytes=4-"], ranges.Select(static range => range?.TrimEnd('1')));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("")]
    public async Task Put_NoKey_IsRefusedBeforeItIsSent(string key)
    {
        using TemporaryFolder cache = new();
        S3Store store = Open(cache, static _ => throw new InvalidOperationException("sent"));
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(key, new byte[1], Cancellation).AsTask());
    }

    private static S3Store Open(TemporaryFolder cache, Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        return new S3Store(
            S3Location.Parse("s3://lakehouse/p"),
            new S3Options { Endpoint = new Uri("http://s3.test"), CacheFolder = cache.Path, Retries = 0, Wrap = _ => new Answering(answer) });
    }

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/xml") };

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
