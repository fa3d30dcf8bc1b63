namespace LakehouseLab.IntegrationTests.S3;

/// <summary>Breaks the connection after the server has done what it was asked, and before its answer is seen.</summary>
internal sealed class LostAnswers
{
    /// <summary>The request whose answer is lost next; null for none.</summary>
    public Func<HttpRequestMessage, bool>? Next { get; set; }

    /// <summary>How many answers were lost.</summary>
    public int Count { get; private set; }

    /// <summary>A handler above another.</summary>
    public HttpMessageHandler Below(HttpMessageHandler inner) => new Handler(this, inner);

    private sealed class Handler(LostAnswers losses, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (losses.Next?.Invoke(request) is not true)
            {
                return response;
            }

            losses.Next = null;
            losses.Count++;
            response.Dispose();
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection broke", new IOException("lost"));
        }
    }
}
