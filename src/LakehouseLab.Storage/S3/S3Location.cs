using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Storage.S3;

/// <summary>A place in S3: a bucket, and what the keys of all objects begin with.</summary>
public sealed record S3Location
{
    private const string Scheme = "s3://";
    private const string Form = "write s3://bucket or s3://bucket/prefix";

    private S3Location(string bucket, string prefix)
    {
        Bucket = bucket;
        Prefix = prefix;
    }

    /// <summary>The bucket.</summary>
    public string Bucket { get; }

    /// <summary>Segments separated by <c>/</c>, without one at the end; empty for the whole bucket.</summary>
    public string Prefix { get; }

    /// <summary>Whether a location is meant to be in S3, rightly written or not.</summary>
    public static bool IsMeant(string location) => location.StartsWith("s3:", StringComparison.OrdinalIgnoreCase)
        || location.StartsWith("s3a:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a location.</summary>
    /// <exception cref="StorageLocationException">It is none.</exception>
    public static S3Location Parse(string location)
    {
        if (!location.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new StorageLocationException($"'{location}' is not a place in S3: {Form}");
        }

        string path = location[Scheme.Length..].TrimEnd('/');
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? path : path[..slash];
        string prefix = slash < 0 ? string.Empty : path[(slash + 1)..];
        return Of(bucket, prefix, location);
    }

    /// <summary>Makes a location of its parts.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">The prefix; empty for none.</param>
    /// <exception cref="StorageLocationException">They are none.</exception>
    public static S3Location Of(string bucket, string prefix) => Of(bucket, prefix.TrimEnd('/'), $"{Scheme}{bucket}/{prefix}");

    /// <summary>The location as a user would write it.</summary>
    public override string ToString() => Prefix.Length == 0 ? $"{Scheme}{Bucket}" : $"{Scheme}{Bucket}/{Prefix}";

    /// <summary>The whole key of an object of the store.</summary>
    internal string KeyOf(string key) => Prefix.Length == 0 ? key : $"{Prefix}/{key}";

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    private static S3Location Of(string bucket, string prefix, string location)
    {
        bool named = bucket.Length is >= 3 and <= 63 && char.IsAsciiLetterOrDigit(bucket[0]) && char.IsAsciiLetterOrDigit(bucket[^1])
            && bucket.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.')
            && !bucket.Contains("..", StringComparison.Ordinal);
        if (!named)
        {
            throw new StorageLocationException($"'{location}': '{bucket}' is not a bucket name: it has 3 to 63 small letters, digits, points and hyphens, with a letter or digit at both ends");
        }

        return prefix.Length == 0 || (ObjectKey.IsValid(prefix) && !prefix.Any(char.IsControl))
            ? new S3Location(bucket, prefix)
            : throw new StorageLocationException($"'{location}': the prefix has a segment that is empty, '.' or '..': {Form}");
    }
}
