using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.S3;

/// <summary>The way to a bucket: every request has a limit of time and bounded retries, and what finally fails is said in one sentence.</summary>
internal sealed class S3Connection
{
    // Bodies go to the socket in pieces of this size; with the SDK's 8 KiB the calls cost more than the bytes.
    private const int BodyBuffer = 1 << 17;

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);

    // One pool of connections for the process; they are renewed, so that a server that moved is found again.
    private static readonly SocketsHttpHandler s_sockets = new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = s_connectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        EnableMultipleHttp2Connections = true,
    };

    private readonly Lazy<AmazonS3Client> _client;
    private readonly TimeSpan _limit;

    public S3Connection(S3Location location, S3Options options)
    {
        Location = location;
        Options = options;
        Server = options.Endpoint?.GetLeftPart(UriPartial.Authority) ?? "AWS S3";
        _client = new Lazy<AmazonS3Client>(() => new AmazonS3Client(Configure(options)));

        // For what is not limited by attempt: bodies that the SDK reads, and pauses.
        _limit = (options.AttemptTimeout * (options.Retries + 1)) + TimeSpan.FromSeconds(30);
    }

    /// <summary>Where the store is.</summary>
    public S3Location Location { get; }

    /// <summary>How it is reached.</summary>
    public S3Options Options { get; }

    /// <summary>The server, for messages.</summary>
    public string Server { get; }

    /// <summary>The bucket.</summary>
    public string Bucket => Location.Bucket;

    /// <summary>An object or prefix as a user would write it.</summary>
    public string PlaceOf(string key) => $"{Location}/{key}";

    /// <summary>Sends a request.</summary>
    /// <param name="verb">What it is to do, for messages.</param>
    /// <param name="key">The object or prefix.</param>
    /// <param name="request">Sends it and awaits what is expected; other failures are told as they should be.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StorageException">It failed.</exception>
    public async Task<T> SendAsync<T>(string verb, string key, Func<AmazonS3Client, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_limit);
        try
        {
            return await request(_client.Value, limited.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (S3Failure.Is(exception, cancellationToken))
        {
            throw Describe(verb, key, exception);
        }
    }

    /// <summary>The failure of an operation.</summary>
    public StorageException Describe(string verb, string key, Exception exception) => S3Failure.Describe(verb, PlaceOf(key), Server, exception);

    private static AmazonS3Config Configure(S3Options options)
    {
        AmazonS3Config config = new()
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = options.Retries,

            // Bodies are signed, so the server checks them against SHA-256 anyway; what is read is checked by whoever reads it.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new ClientFactory(options),
            BufferSize = BodyBuffer,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.ForcePathStyle = options.PathStyle ?? true;
            config.AuthenticationRegion = options.Region ?? "us-east-1";
        }
        else
        {
            config.ForcePathStyle = options.PathStyle ?? false;
            if (options.Region is { } region)
            {
                config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
            }
        }

        return config;
    }

    private sealed class ClientFactory(S3Options options) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(new AttemptTimeout(options.AttemptTimeout, options.Wrap(s_sockets)), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
