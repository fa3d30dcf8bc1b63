using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using ParquetSharp;

namespace LakehouseLab.Delta.Checkpoints;

/// <summary>Reads a classic checkpoint: a Parquet file with one action a row, in a column for each kind.</summary>
internal static class CheckpointReader
{
    /// <summary>Reads a part of a checkpoint.</summary>
    /// <param name="path">Path of the local file.</param>
    /// <param name="place">Where it is, for messages.</param>
    /// <exception cref="DeltaException">It is damaged.</exception>
    public static List<DeltaAction> Read(string path, string place)
    {
        try
        {
            using ParquetFileReader file = new(path);
            List<DeltaAction> actions = [];
            for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
            {
                using RowGroupReader rows = file.RowGroup(group);
                new GroupReader(file, rows).Read(actions);
            }

            return actions;
        }
        catch (Exception exception) when (exception is ParquetException or FormatException or InvalidCastException or OverflowException)
        {
            string cause = exception is FormatException ? exception.Message : "it is not a whole Parquet file of a checkpoint";
            throw new DeltaException($"{place} is damaged: {cause} Restore the file from a copy", exception);
        }
    }

    private sealed class GroupReader(ParquetFileReader file, RowGroupReader rows)
    {
        private readonly Dictionary<string, int> _leaves = Enumerable.Range(0, file.FileMetaData.NumColumns)
            .ToDictionary(column => file.FileMetaData.Schema.Column(column).Path.ToDotString(), StringComparer.Ordinal);

        public void Read(List<DeltaAction> actions)
        {
            int count = (int)rows.MetaData.NumRows;
            ReadProtocol(actions, count);
            ReadMetadata(actions, count);
            ReadTransactions(actions, count);
            ReadAdds(actions, count);
            ReadRemoves(actions, count);
        }

        private void ReadProtocol(List<DeltaAction> actions, int count)
        {
            int?[] readers = Values<int>("protocol.minReaderVersion");
            int?[] writers = Values<int>("protocol.minWriterVersion");
            List<string?>[] readerFeatures = Lists("protocol.readerFeatures");
            List<string?>[] writerFeatures = Lists("protocol.writerFeatures");
            for (int row = 0; row < Math.Min(count, readers.Length); row++)
            {
                if (readers[row] is { } reader)
                {
                    actions.Add(new Protocol(reader, writers[row] ?? 0, At(readerFeatures, row), At(writerFeatures, row)));
                }
            }
        }

        private void ReadMetadata(List<DeltaAction> actions, int count)
        {
            string?[] ids = Texts("metaData.id");
            string?[] schemas = Texts("metaData.schemaString");
            string?[] names = Texts("metaData.name");
            string?[] descriptions = Texts("metaData.description");
            string?[] formats = Texts("metaData.format.provider");
            long?[] created = Values<long>("metaData.createdTime");
            List<string?>[] partitions = Lists("metaData.partitionColumns");
            Dictionary<string, string?>[] configurations = Maps("metaData.configuration");
            for (int row = 0; row < Math.Min(count, ids.Length); row++)
            {
                if (ids[row] is { } id)
                {
                    actions.Add(new TableMetadata(
                        id,
                        SchemaJson.Parse(schemas[row] ?? throw new FormatException("the metadata has no schema.")),
                        At(partitions, row),
                        configurations.Length > row ? configurations[row].ToDictionary(pair => pair.Key, pair => pair.Value ?? string.Empty, StringComparer.Ordinal) : new Dictionary<string, string>(),
                        created.ElementAtOrDefault(row),
                        descriptions.ElementAtOrDefault(row),
                        names.ElementAtOrDefault(row))
                    {
                        Format = formats.ElementAtOrDefault(row) ?? TableMetadata.Parquet,
                    });
                }
            }
        }

        private void ReadTransactions(List<DeltaAction> actions, int count)
        {
            string?[] applications = Texts("txn.appId");
            long?[] versions = Values<long>("txn.version");
            long?[] updated = Values<long>("txn.lastUpdated");
            for (int row = 0; row < Math.Min(count, applications.Length); row++)
            {
                if (applications[row] is { } application)
                {
                    actions.Add(new SetTransaction(application, versions[row] ?? throw new FormatException("a txn has no version."), updated.ElementAtOrDefault(row)));
                }
            }
        }

        private void ReadAdds(List<DeltaAction> actions, int count)
        {
            string?[] paths = Texts("add.path");
            long?[] sizes = Values<long>("add.size");
            long?[] times = Values<long>("add.modificationTime");
            bool?[] changes = Values<bool>("add.dataChange");
            string?[] statistics = Texts("add.stats");
            string?[] vectors = Texts("add.deletionVector.storageType");
            Dictionary<string, string?>[] partitions = Maps("add.partitionValues");
            for (int row = 0; row < Math.Min(count, paths.Length); row++)
            {
                if (paths[row] is { } path)
                {
                    actions.Add(new AddFile(
                        LogPath.Decode(path),
                        partitions.Length > row ? partitions[row] : new Dictionary<string, string?>(),
                        sizes[row] ?? 0, times.ElementAtOrDefault(row) ?? 0, changes.ElementAtOrDefault(row) ?? false, statistics.ElementAtOrDefault(row))
                    {
                        Spelling = path,
                        HasDeletionVector = vectors.ElementAtOrDefault(row) is not null,
                    });
                }
            }
        }

        private void ReadRemoves(List<DeltaAction> actions, int count)
        {
            string?[] paths = Texts("remove.path");
            long?[] times = Values<long>("remove.deletionTimestamp");
            for (int row = 0; row < Math.Min(count, paths.Length); row++)
            {
                if (paths[row] is { } path)
                {
                    actions.Add(new RemoveFile(LogPath.Decode(path), times.ElementAtOrDefault(row), DataChange: false) { Spelling = path });
                }
            }
        }

        private static string[] At(List<string?>[] lists, int row) =>
            row < lists.Length ? [.. lists[row].Select(text => text ?? throw new FormatException("a list holds null."))] : [];

        private LeafColumn<TValue>? Leaf<TPhysical, TValue>(string path, Func<TPhysical, TValue> convert)
            where TPhysical : unmanaged =>
            _leaves.TryGetValue(path, out int column) ? LeafColumn<TValue>.Read(rows, column, file.FileMetaData.Schema.Column(column), convert) : null;

        private T?[] Values<T>(string path)
            where T : unmanaged => Leaf<T, T?>(path, static value => value)?.ToRows() ?? [];

        private LeafColumn<string>? TextLeaf(string path) => Leaf<ByteArray, string>(path, LeafText.Decode);

        private string?[] Texts(string path) => TextLeaf(path)?.ToRows() ?? [];

        // Writers name the levels between a list or map and its leaves in several ways.
        private List<string?>[] Lists(string path)
        {
            string? name = _leaves.Keys.FirstOrDefault(leaf => leaf.StartsWith(path + ".", StringComparison.Ordinal));
            LeafColumn<string>? found = name is null ? null : TextLeaf(name);
            return found is null ? [] : found.ToLists(found.MaxDefinition);
        }

        private Dictionary<string, string?>[] Maps(string path)
        {
            string? keyName = _leaves.Keys.FirstOrDefault(leaf => leaf.StartsWith(path + ".", StringComparison.Ordinal) && leaf.EndsWith(".key", StringComparison.Ordinal));
            if (keyName is null)
            {
                return [];
            }

            LeafColumn<string> keys = TextLeaf(keyName)!;
            List<string?>[] keyRows = keys.ToLists(keys.MaxDefinition);
            List<string?>[] valueRows = TextLeaf(keyName[..^4] + ".value")!.ToLists(keys.MaxDefinition);
            return [.. keyRows.Select((row, index) => row.Select((key, entry) => (key, Value: valueRows[index][entry]))
                .ToDictionary(pair => pair.key!, pair => pair.Value, StringComparer.OrdinalIgnoreCase))];
        }
    }
}
