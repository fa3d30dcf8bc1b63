using System.Collections.Concurrent;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Pipeline.Decoding;
using LakehouseLab.Pipeline.Parquet;
using LakehouseLab.World.Schemas;
using ParquetSharp;

namespace LakehouseLab.Pipeline.Foreign;

/// <summary>Finds the emulations of Bronze records that are not the lake's own of that domain: it has no manifest of them.</summary>
/// <param name="lake">The lake.</param>
/// <param name="schema">The domain.</param>
internal sealed class ForeignEmulations(Lake lake, DomainSchema schema)
{
    /// <summary>The foreign emulations that Bronze files name.</summary>
    /// <param name="files">Local paths of the files.</param>
    /// <param name="threads">Files that are read at once.</param>
    /// <param name="cancellationToken">Ends it between files.</param>
    /// <exception cref="Storage.StorageException">A file cannot be read.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> files, int threads, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, bool> named = new(StringComparer.Ordinal);
        Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, file => AddNamed(file, named));
        ManifestStore manifests = new(lake.Store);
        List<string> foreign = [];
        foreach (string emulation in named.Keys.Order(StringComparer.Ordinal))
        {
            bool isOwn = Guid.TryParse(emulation, out Guid id)
                && await manifests.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } manifest && manifest.Domain == schema.Domain;
            if (!isOwn)
            {
                foreign.Add(emulation);
            }
        }

        return foreign;
    }

    private static void AddNamed(string path, ConcurrentDictionary<string, bool> named)
    {
        try
        {
            using ParquetFileReader file = new(path);
            BronzeColumns columns = new(file);
            byte[] last = [];
            for (int i = 0; i < file.FileMetaData.NumRowGroups; i++)
            {
                using RowGroupReader group = file.RowGroup(i);
                columns.ReadBytes(group, "_emulation_id", (int)group.MetaData.NumRows, (_, present, value) =>
                {
                    if (present && !value.SequenceEqual(last))
                    {
                        last = value.ToArray();
                        named.TryAdd(System.Text.Encoding.UTF8.GetString(last), true);
                    }
                });
            }
        }
        catch (Exception exception) when (ParquetFailure.Is(exception))
        {
            throw ParquetFailure.Describe($"read {path}", exception);
        }
    }
}
