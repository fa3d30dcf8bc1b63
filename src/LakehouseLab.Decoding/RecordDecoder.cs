using System.Globalization;
using LakehouseLab.Decoding.Bronze;
using LakehouseLab.Decoding.Files;
using LakehouseLab.Formats.Parquet;
using LakehouseLab.Storage.Failures;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Decoding;

/// <summary>
/// Makes typed records of Bronze's payloads: the one place that knows what a record of a domain looks like in JSON. Engines read its
/// files and need no JSON of their own. Thread-safe.
/// </summary>
/// <param name="domain">The domain.</param>
/// <param name="foreign">The emulations whose records are not the lake's own; empty when there are none or they are ingested.</param>
/// <param name="quarantineForeign">Whether their records are rejected, and not left out.</param>
public sealed class RecordDecoder(Domain domain, IReadOnlyList<string> foreign, bool quarantineForeign)
{
    /// <summary>Decodes Bronze files, each into a file of its own.</summary>
    /// <param name="files">Local paths of the Bronze files.</param>
    /// <param name="folder">Folder for the decoded ones.</param>
    /// <param name="threads">Files that are decoded at once.</param>
    /// <param name="cancellationToken">Ends it between row groups.</param>
    /// <returns>The decoded files, in the order of the Bronze files.</returns>
    /// <exception cref="StorageException">A file cannot be read or written.</exception>
    public async Task<IReadOnlyList<DecodedFile>> DecodeAsync(IReadOnlyList<string> files, string folder, int threads, CancellationToken cancellationToken)
    {
        DecodedFile[] decoded = new DecodedFile[files.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, files.Count, options, (file, token) =>
        {
            decoded[file] = Decode(files[file], Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{file:D8}.parquet")), token);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return decoded;
    }

    /// <summary>Decodes a Bronze file.</summary>
    /// <param name="file">Its local path.</param>
    /// <param name="path">Where the decoded records go.</param>
    /// <param name="cancellationToken">Ends it between row groups.</param>
    /// <exception cref="StorageException">A file cannot be read or written.</exception>
    public DecodedFile Decode(string file, string path, CancellationToken cancellationToken)
    {
        try
        {
            return new FileDecoder(domain, new ForeignRecords(foreign, quarantineForeign)).Decode(file, path, cancellationToken);
        }
        catch (Exception exception) when (ParquetFailure.Is(exception))
        {
            throw ParquetFailure.Describe($"decode {file}", exception);
        }
    }
}
