using System.Runtime.InteropServices;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta.Snapshots;
using ParquetSharp;
using ParquetSharp.Schema;

namespace LakehouseLab.Delta.Checkpoints;

/// <summary>Writes a classic checkpoint: one Parquet file with one action a row, in a column for each kind.</summary>
internal static class CheckpointWriter
{
    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">Path of the local file to write.</param>
    /// <param name="actions">The actions of the state, in any order.</param>
    public static void Write(string path, IReadOnlyList<DeltaAction> actions)
    {
        using GroupNode schema = MakeSchema();
        using WriterProperties properties = new WriterPropertiesBuilder().Compression(Compression.Snappy).Build();
        using ParquetFileWriter file = new(path, schema, properties);
        using RowGroupWriter group = file.AppendRowGroup();
        RowWriter rows = new(group, actions);
        rows.Texts<SetTransaction>(transaction => transaction.AppId);
        rows.Values<SetTransaction, long>(transaction => transaction.Version);
        rows.Values<SetTransaction, long>(transaction => transaction.LastUpdated);
        rows.Texts<AddFile>(add => add.Spelling);
        rows.Map<AddFile>(add => add.PartitionValues);
        rows.Values<AddFile, long>(add => add.Size);
        rows.Values<AddFile, long>(add => add.ModificationTime);
        rows.Values<AddFile, bool>(_ => false);
        rows.Texts<AddFile>(add => add.Statistics);
        rows.Texts<RemoveFile>(remove => remove.Spelling);
        rows.Values<RemoveFile, long>(remove => remove.DeletionTimestamp);
        rows.Values<RemoveFile, bool>(_ => false);
        rows.Texts<TableMetadata>(metadata => metadata.Id);
        rows.Texts<TableMetadata>(metadata => metadata.Name);
        rows.Texts<TableMetadata>(metadata => metadata.Description);
        rows.Texts<TableMetadata>(_ => "parquet", depth: 2);
        rows.Map<TableMetadata>(_ => new Dictionary<string, string?>(), depth: 2);
        rows.Texts<TableMetadata>(metadata => SchemaJson.Format(metadata.Schema));
        rows.List<TableMetadata>(metadata => metadata.PartitionColumns);
        rows.Map<TableMetadata>(metadata => metadata.Configuration.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
        rows.Values<TableMetadata, long>(metadata => metadata.CreatedTime);
        rows.Values<Protocol, int>(protocol => protocol.MinReaderVersion);
        rows.Values<Protocol, int>(protocol => protocol.MinWriterVersion);
        rows.List<Protocol>(protocol => protocol.MinReaderVersion < Features.TableFeaturesReader ? null : protocol.ReaderFeatures);
        rows.List<Protocol>(protocol => protocol.MinWriterVersion < Features.TableFeaturesWriter ? null : protocol.WriterFeatures);
        group.Close();
        file.Close();
    }

    private static GroupNode MakeSchema() => new("spark_schema", Repetition.Required,
    [
        Group("txn", Text("appId"), Int64("version"), Int64("lastUpdated")),
        Group("add", Text("path"), Map("partitionValues"), Int64("size"), Int64("modificationTime"), Boolean("dataChange"), Text("stats")),
        Group("remove", Text("path"), Int64("deletionTimestamp"), Boolean("dataChange")),
        Group("metaData", Text("id"), Text("name"), Text("description"), Group("format", Text("provider"), Map("options")), Text("schemaString"), List("partitionColumns"), Map("configuration"), Int64("createdTime")),
        Group("protocol", Int32("minReaderVersion"), Int32("minWriterVersion"), List("readerFeatures"), List("writerFeatures")),
    ]);

    private static GroupNode Group(string name, params Node[] fields) => new(name, Repetition.Optional, fields);

    private static PrimitiveNode Text(string name, Repetition repetition = Repetition.Optional) =>
        new(name, repetition, LogicalType.String(), PhysicalType.ByteArray);

    private static PrimitiveNode Int64(string name) => new(name, Repetition.Optional, LogicalType.None(), PhysicalType.Int64);

    private static PrimitiveNode Int32(string name) => new(name, Repetition.Optional, LogicalType.None(), PhysicalType.Int32);

    private static PrimitiveNode Boolean(string name) => new(name, Repetition.Optional, LogicalType.None(), PhysicalType.Boolean);

    private static GroupNode Map(string name) => new(name, Repetition.Optional,
        [new GroupNode("key_value", Repetition.Repeated, [Text("key", Repetition.Required), Text("value")])], LogicalType.Map());

    private static GroupNode List(string name) => new(name, Repetition.Optional,
        [new GroupNode("list", Repetition.Repeated, [Text("element")])], LogicalType.List());

    /// <summary>Writes leaf after leaf, each with the levels of an optional field of an optional group.</summary>
    private sealed class RowWriter(RowGroupWriter group, IReadOnlyList<DeltaAction> actions)
    {
        public void Texts<TAction>(Func<TAction, string?> select, short depth = 1)
            where TAction : DeltaAction
        {
            Leaf leaf = new();
            foreach (DeltaAction action in actions)
            {
                leaf.Add(action is TAction typed ? select(typed) : null, action is TAction ? depth : (short)0, (short)(depth + 1));
            }

            leaf.Write(group);
        }

        public void Values<TAction, TValue>(Func<TAction, TValue?> select)
            where TAction : DeltaAction
            where TValue : unmanaged
        {
            List<short> definitions = [];
            List<TValue> values = [];
            foreach (DeltaAction action in actions)
            {
                TValue? value = action is TAction typed ? select(typed) : null;
                definitions.Add((short)(value is null ? action is TAction ? 1 : 0 : 2));
                if (value is not null)
                {
                    values.Add(value.Value);
                }
            }

            using ColumnWriter<TValue> writer = (ColumnWriter<TValue>)group.NextColumn();
            writer.WriteBatch(definitions.Count, CollectionsMarshal.AsSpan(definitions), [], CollectionsMarshal.AsSpan(values));
        }

        // Levels: the groups, the map, its entry (repeated), and for the value its own optionality.
        public void Map<TAction>(Func<TAction, IReadOnlyDictionary<string, string?>> select, short depth = 1)
            where TAction : DeltaAction
        {
            Leaf keys = new();
            Leaf values = new();
            foreach (DeltaAction action in actions)
            {
                IReadOnlyDictionary<string, string?>? map = action is TAction typed ? select(typed) : null;
                keys.AddAll(map?.Keys, (short)(depth + 2), (short)(depth + 1));
                values.AddAll(map?.Values, (short)(depth + 3), (short)(depth + 1));
            }

            keys.Write(group);
            values.Write(group);
        }

        // A list that is null differs from an empty one.
        public void List<TAction>(Func<TAction, IReadOnlyList<string>?> select)
            where TAction : DeltaAction
        {
            Leaf elements = new();
            foreach (DeltaAction action in actions)
            {
                elements.AddAll(action is TAction typed ? select(typed) : null, present: 4, empty: 2, absent: (short)(action is TAction ? 1 : 0));
            }

            elements.Write(group);
        }
    }

    /// <summary>The texts of one leaf with their levels.</summary>
    private sealed class Leaf
    {
        private readonly List<short> _definitions = [];
        private readonly List<short> _repetitions = [];
        private readonly List<byte[]> _values = [];

        public void Add(string? value, short absent, short present)
        {
            _definitions.Add(value is null ? absent : present);
            _repetitions.Add(0);
            if (value is not null)
            {
                _values.Add(System.Text.Encoding.UTF8.GetBytes(value));
            }
        }

        public void AddAll(IEnumerable<string?>? values, short present, short empty, short absent = 0)
        {
            short repetition = 0;
            foreach (string? value in values ?? [])
            {
                _definitions.Add(value is null ? (short)(present - 1) : present);
                _repetitions.Add(repetition);
                repetition = 1;
                if (value is not null)
                {
                    _values.Add(System.Text.Encoding.UTF8.GetBytes(value));
                }
            }

            if (repetition == 0)
            {
                _definitions.Add(values is null ? absent : empty);
                _repetitions.Add(0);
            }
        }

        public void Write(RowGroupWriter group)
        {
            using ColumnWriter<ByteArray> writer = (ColumnWriter<ByteArray>)group.NextColumn();
            byte[] bytes = [.. _values.SelectMany(value => value)];
            GCHandle pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
            try
            {
                ByteArray[] values = new ByteArray[_values.Count];
                nint at = pin.AddrOfPinnedObject();
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = new ByteArray(at, _values[i].Length);
                    at += _values[i].Length;
                }

                writer.WriteBatch(_definitions.Count, CollectionsMarshal.AsSpan(_definitions), CollectionsMarshal.AsSpan(_repetitions), values);
            }
            finally
            {
                pin.Free();
            }
        }
    }
}
