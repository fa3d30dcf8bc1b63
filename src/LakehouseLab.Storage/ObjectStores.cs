using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Files;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Storage;

/// <summary>Stores by their locations, as users write them.</summary>
public static class ObjectStores
{
    /// <summary>Opens a store; nothing is made or looked for yet.</summary>
    /// <param name="location">A folder, or <c>s3://bucket/prefix</c>, which is reached by <see cref="S3Options.FromEnvironment()"/>.</param>
    /// <exception cref="StorageLocationException">It is neither, or the environment's settings for S3 are wrong.</exception>
    public static IObjectStore Open(string location) => Open(location, S3Options.FromEnvironment);

    /// <summary>Opens a store; nothing is made or looked for yet.</summary>
    /// <param name="location">A folder, or <c>s3://bucket/prefix</c>.</param>
    /// <param name="s3">How S3 is reached; asked only for a place on it.</param>
    /// <exception cref="StorageLocationException">It is neither, or the settings for S3 are wrong.</exception>
    public static IObjectStore Open(string location, Func<S3Options> s3)
    {
        if (string.IsNullOrWhiteSpace(location))
        {
            throw new StorageLocationException($"the location is empty: {Forms}");
        }

        if (S3Location.IsMeant(location))
        {
            return new S3Store(S3Location.Parse(location), s3());
        }

        if (location.Contains("://", StringComparison.Ordinal))
        {
            throw new StorageLocationException($"'{location}' is not a place for objects: {Forms}");
        }

        return File.Exists(location)
            ? throw new StorageLocationException($"'{location}' is a file: {Forms}")
            : new FileSystemStore(location);
    }

    private const string Forms = "give a folder, such as ./lake, or s3://bucket/prefix";
}
