using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.S3;

/// <summary>Says why S3 refused or was silent, in one sentence with a remedy and without secrets.</summary>
internal static class S3Failure
{
    // Codes of AWS (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html) and MinIO after which trying later helps.
    private static readonly HashSet<string> s_later =
    [
        "SlowDown", "SlowDownRead", "SlowDownWrite", "InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted", "ConditionalRequestConflict",
        "XMinioServerNotInitialized", "XMinioStorageFull", "XMinioBackendDown", "InsufficientReadQuorum", "InsufficientWriteQuorum", "ServerNotInitialized",
    ];

    /// <summary>Whether an exception is a failure of S3 or of the way to it.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) =>
        exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or SocketException or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The failure of an operation.</summary>
    /// <param name="verb">What was tried, such as <c>write</c>.</param>
    /// <param name="place">The object as a user would write it.</param>
    /// <param name="server">The server as a user would write it.</param>
    /// <param name="exception">What was thrown.</param>
    public static StorageException Describe(string verb, string place, string server, Exception exception)
    {
        (string cause, bool unavailable) = exception switch
        {
            AmazonS3Exception { StatusCode: not 0 } answer => Answered(answer, server),

            // Before the socket's, which a timeout closes.
            _ when Find<TimeoutException>(exception) is not null || exception is OperationCanceledException =>
                ($"{server} does not answer: look whether it hangs or is overloaded, then run the same command again", true),
            _ when Find<SocketException>(exception) is { } socket => ($"{server} cannot be reached ({Words(socket)}): start it, or correct S3_ENDPOINT", true),
            _ when Find<HttpRequestException>(exception) is { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                ($"{server} does not speak TLS, or its certificate is not trusted: correct S3_ENDPOINT, or trust its certificate", false),
            _ when Find<HttpRequestException>(exception) is not null || Find<IOException>(exception) is not null =>
                ($"the connection to {server} broke: run the same command again", true),
            AmazonClientException client => (Unsent(client.Message), false),
            _ => (OneLine(exception.Message), false),
        };
        return new StorageException($"cannot {verb} {place}: {cause}", exception)
        {
            IsUnavailable = unavailable,
            IsNotFound = exception is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound },
        };
    }

    // What the SDK found out before anything was sent; its exceptions have no codes.
    private static string Unsent(string message) => message switch
    {
        _ when Says(message, "RegionEndpoint") || Says(message, "Region must be set") => "no region is known: set AWS_REGION, and S3_ENDPOINT for a server other than AWS",
        _ when Says(message, "Failed to resolve AWS credentials") || Says(message, "Credentials must be set") || Says(message, "IAM security credentials") =>
            "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        _ when Says(message, "profile") || Says(message, "SSO") || Says(message, "credential") =>
            $"the credentials cannot be had ({OneLine(message)}): correct AWS_PROFILE or log in again, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        _ => $"the request could not be sent or its answer not be used ({OneLine(message)}): run the same command again, and look at the AWS_ and S3_ variables if it fails again",
    };

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static (string Cause, bool Unavailable) Answered(AmazonS3Exception answer, string server) => answer.ErrorCode switch
    {
        "NoSuchBucket" => ($"there is no such bucket at {server}: correct its name; emulating into it makes it", false),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" =>
            ($"{server} does not take the credentials ({answer.ErrorCode}): correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in again", false),
        "RequestTimeTooSkewed" => ($"this machine's clock differs from that of {server}: set the clock", false),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
            ($"the bucket is in another region ({OneLine(answer.Message)}): set AWS_REGION to it", false),
        "QuotaExceeded" or "XMinioAdminBucketQuotaExceeded" => ("the bucket's quota is used up: raise it, or delete objects", false),
        "XMinioStorageFull" => ($"the disk of {server} is full: free space there", true),
        "MethodNotAllowed" or "NotImplemented" => ($"{server} does not know this request ({answer.ErrorCode}): use a server that has S3's conditional writes, such as a newer MinIO", false),
        _ when answer.StatusCode == HttpStatusCode.Forbidden => ($"{server} denies access: give the user s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on the bucket", false),
        _ when answer.StatusCode == HttpStatusCode.NotFound => ("there is no such object", false),
        _ when answer.StatusCode >= HttpStatusCode.InternalServerError || s_later.Contains(answer.ErrorCode ?? string.Empty) =>
            ($"{server} is overloaded or failing ({answer.ErrorCode ?? answer.StatusCode.ToString()}): run the same command again later", true),
        _ => ($"{server} says {answer.ErrorCode}: {OneLine(answer.Message)}", false),
    };

    private static string Words(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name is not known",
        _ => OneLine(exception.Message),
    };

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
