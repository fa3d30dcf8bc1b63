using System.Globalization;
using LakehouseLab.Decoding;
using LakehouseLab.Decoding.Files;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Decodes in this process, for servers that run no program of others.</summary>
/// <param name="lake">The lake.</param>
/// <param name="threads">Files that are decoded at once.</param>
internal sealed class ClientDecoder(Lake lake, int threads) : IBronzeDecoder
{
    /// <inheritdoc/>
    public async Task<(IReadOnlyList<string> Keys, DecodedTotals Totals)> DecodeAsync(DecodeRequest request, string staging, CancellationToken cancellationToken)
    {
        using LocalLease lease = new();
        List<string> bronze = [];
        await foreach ((_, string path) in request.Bronze.Table.GetLocalPathsAsync(request.Files, lease, cancellationToken).ConfigureAwait(false))
        {
            bronze.Add(path);
        }

        using ScratchFolder scratch = lake.Store.CreateScratch();
        RecordDecoder decoder = new(request.Domain, request.Foreign, request.Treatment == ForeignTreatment.Quarantine);
        IReadOnlyList<DecodedFile> files = await decoder.DecodeAsync(bronze, scratch.Path, threads, cancellationToken).ConfigureAwait(false);
        List<string> paths = [.. files.Select(static file => file.Path)];
        if (paths.Count == 0)
        {
            // So that the columns and their types are known.
            paths.Add(scratch.PathOf("empty.parquet"));
            DecodedFileWriter.WriteEmpty(paths[0], request.Domain);
        }

        List<string> keys = [];
        await foreach (string key in Lookahead.RunAsync(paths.Index(), Lookahead.Files, (file, token) => PublishAsync(file.Item, KeyOf(staging, file.Index), token), cancellationToken).ConfigureAwait(false))
        {
            keys.Add(key);
        }

        return (keys, DecodedTotals.Of([.. files.Select(static file => file.Summary)]));
    }

    private static string KeyOf(string staging, int index) => string.Create(CultureInfo.InvariantCulture, $"{staging}{index:D8}.parquet");

    private async Task<string> PublishAsync(string path, string key, CancellationToken cancellationToken)
    {
        using StagedFile staged = lake.Store.Stage(".parquet");
        File.Move(path, staged.Path);
        await staged.TryPublishAsync(key, cancellationToken).ConfigureAwait(false);
        return key;
    }
}
