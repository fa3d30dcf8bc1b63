namespace LakehouseLab.Storage.S3;

/// <summary>Ends an attempt whose answer does not begin in time; the SDK, which has no such limit, takes it for a broken connection and tries again.</summary>
internal sealed class AttemptTimeout(TimeSpan limit, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(limit);
        try
        {
            return await base.SendAsync(request, attempt.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "no answer", new TimeoutException($"no answer within {limit.TotalSeconds:0} s", exception));
        }
    }
}
