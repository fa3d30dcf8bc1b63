using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Raw;

/// <summary>A raw object that may have changed after its ingestion: what was ingested, and what is there now.</summary>
/// <param name="Ingested">What was ingested, the last time.</param>
/// <param name="Now">The object as it is listed.</param>
public sealed record RawChange(RawObject Ingested, ObjectInfo Now)
{
    /// <summary>Whether length or time say that the object may have changed, so that its content is to be looked at.</summary>
    public static bool IsPossible(RawObject ingested, ObjectInfo now) =>
        now.Length != ingested.Length || (ingested.Modified is { } modified && modified != now.LastModified);

    /// <summary>What happened, and what to do.</summary>
    public string Description => FormattableString.Invariant(
        $"{Ingested.Key} {What} after its ingestion: restore it from a copy, or run lakelab pipeline run --reingest, which ingests its new content as {(Ingested with { Ingestion = NextIngestion }).Source}");

    /// <summary>The number of the ingestion that its new content would be.</summary>
    public int NextIngestion => (Ingested.Ingestion ?? 1) + 1;

    private string What => Now.Length.CompareTo(Ingested.Length) switch
    {
        > 0 => FormattableString.Invariant($"grew from {Ingested.Length} to {Now.Length} bytes"),
        < 0 => FormattableString.Invariant($"shrank from {Ingested.Length} to {Now.Length} bytes"),
        _ => "was rewritten",
    };

    /// <summary>Looks whether the content is another one; a touched time alone is not a change. Reads the object if its length does not tell.</summary>
    /// <param name="store">The store that holds it.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StorageException">The object cannot be read.</exception>
    public async Task<bool> IsOfContentAsync(IObjectStore store, CancellationToken cancellationToken) =>
        Now.Length != Ingested.Length
        || (Ingested.Checksum is { } checksum && await RawChecksum.OfAsync(store, Ingested.Key, cancellationToken).ConfigureAwait(false) != checksum);
}
