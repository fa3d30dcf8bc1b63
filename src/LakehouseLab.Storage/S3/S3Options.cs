using System.Globalization;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.S3;

/// <summary>How S3 is reached, and what may be used of this machine meanwhile.</summary>
public sealed record S3Options
{
    private const long LeastCache = 64L << 20;

    private static readonly (string Unit, int Shift)[] s_units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];

    /// <summary>The server, or null for AWS itself.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region; null for what the AWS profile says.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the bucket stands in the path and not in the host's name: null for yes where <see cref="Endpoint"/> is given.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Local folder for copies of objects, files on their way and locks.</summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder();

    /// <summary>Bytes of copies that are kept at most beside those in use.</summary>
    public long CacheBytes { get; init; } = 8L << 30;

    /// <summary>Bytes of a part of a big object, of at least 5 MiB: S3 takes no smaller ones.</summary>
    public int PartSize { get; init; } = 8 << 20;

    /// <summary>How many parts of an object travel at once.</summary>
    public int PartsAtOnce { get; init; } = 4;

    /// <summary>How long an attempt may take until the answer begins, and how long a body that is read may pause.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a failed request is tried again, with growing pauses.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Wraps what sends requests, so that a test can lose an answer.</summary>
    internal Func<HttpMessageHandler, HttpMessageHandler> Wrap { get; init; } = static handler => handler;

    /// <summary>The options of this process's environment: <see cref="FromEnvironment(Func{string, string?})"/>.</summary>
    /// <exception cref="StorageLocationException">A variable is wrong.</exception>
    public static S3Options FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    /// <summary>
    /// The options of an environment: <c>S3_ENDPOINT</c> (or <c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL</c>), <c>AWS_REGION</c>
    /// (or <c>AWS_DEFAULT_REGION</c>), <c>S3_PATH_STYLE</c>, <c>LAKELAB_CACHE_FOLDER</c> and <c>LAKELAB_CACHE_SIZE</c>. Credentials are
    /// those of the AWS SDK: variables, profiles, roles.
    /// </summary>
    /// <param name="variable">Reads a variable; null when it is not set.</param>
    /// <exception cref="StorageLocationException">A variable is wrong.</exception>
    public static S3Options FromEnvironment(Func<string, string?> variable)
    {
        S3Options options = new();
        return options with
        {
            Endpoint = FirstOf(variable, "S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") is var (name, url) ? ReadEndpoint(name, url) : null,
            Region = FirstOf(variable, "AWS_REGION", "AWS_DEFAULT_REGION")?.Value,
            PathStyle = FirstOf(variable, "S3_PATH_STYLE") is var (style, wanted) ? ReadSwitch(style, wanted) : null,
            CacheFolder = FirstOf(variable, "LAKELAB_CACHE_FOLDER")?.Value ?? options.CacheFolder,
            CacheBytes = FirstOf(variable, "LAKELAB_CACHE_SIZE") is var (bound, size) ? ReadSize(bound, size) : options.CacheBytes,
        };
    }

    private static (string Name, string Value)? FirstOf(Func<string, string?> variable, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (variable(name) is { Length: > 0 } value)
            {
                return (name, value);
            }
        }

        return null;
    }

    // What stands before an @ may be a password, and is not repeated.
    private static Uri ReadEndpoint(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0
            ? url
            : throw new StorageLocationException($"{name} is '{text[(text.LastIndexOf('@') + 1)..]}', which is not an address of an S3 server: write it like http://127.0.0.1:9000, with the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");

    private static bool ReadSwitch(string name, string text) =>
        bool.TryParse(text, out bool value) ? value : throw new StorageLocationException($"{name} is '{text}': write true or false");

    private static long ReadSize(string name, string text)
    {
        (string Unit, int Shift) size = Array.Find(s_units, size => text.EndsWith(size.Unit, StringComparison.OrdinalIgnoreCase));
        return long.TryParse(text[..^(size.Unit?.Length ?? 0)].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number <= long.MaxValue >> size.Shift && number << size.Shift >= LeastCache
            ? number << size.Shift
            : throw new StorageLocationException($"{name} is '{text}': write a size like 8GiB, of at least 64MiB");
    }

    private static string DefaultCacheFolder()
    {
        string? root = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache")
            : null;
        return Path.Combine(string.IsNullOrEmpty(root) ? Path.GetTempPath() : root, "lakelab");
    }
}
