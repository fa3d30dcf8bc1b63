using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Delta.Snapshots;

/// <summary>Refuses, by name, what this library does not do.</summary>
internal static class Features
{
    /// <summary>From this reader version on a table lists the features that a reader must know.</summary>
    public const int TableFeaturesReader = 3;

    /// <summary>From this writer version on a table lists the features that a writer must know.</summary>
    public const int TableFeaturesWriter = 7;

    /// <summary>The feature by which rows of a file are deleted without rewriting it.</summary>
    public const string DeletionVectors = "deletionVectors";

    // What each writer version up to 6 brought (Delta protocol, "Requirements for Writers").
    private static readonly string[] WriterVersions = ["", "", "", "checkConstraints", "changeDataFeed and generatedColumns", "columnMapping", "identityColumns"];

    private static readonly HashSet<string> WritableFeatures = new(StringComparer.Ordinal) { "appendOnly", "invariants" };

    // A table that lists deletion vectors is as any other while no file has one; vacuumProtocolCheck asks readers for nothing.
    private static readonly HashSet<string> ReadableFeatures = new(StringComparer.Ordinal) { DeletionVectors, "vacuumProtocolCheck" };

    private static readonly HashSet<string> PlainTypes = new(StringComparer.Ordinal)
        { "string", "long", "integer", "short", "byte", "float", "double", "boolean", "binary", "date", "timestamp" };

    /// <summary>Refuses a table whose rules for readers this library does not know.</summary>
    /// <exception cref="DeltaException">It has such rules.</exception>
    public static void RefuseUnreadable(string location, Protocol protocol, TableMetadata metadata)
    {
        if (protocol.MinReaderVersion > TableFeaturesReader)
        {
            throw Refusal(location, $"reader version {protocol.MinReaderVersion}");
        }

        if (protocol.MinReaderVersion == TableFeaturesReader && protocol.ReaderFeatures.Where(feature => !ReadableFeatures.Contains(feature)).ToList() is [_, ..] unknown)
        {
            throw Refusal(location, $"the reader feature {string.Join(", ", unknown)}");
        }

        if (metadata.Configuration.TryGetValue("delta.columnMapping.mode", out string? mode) && !string.Equals(mode, "none", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal(location, $"the reader feature columnMapping (mode {mode})");
        }

        if (metadata.Format != TableMetadata.Parquet)
        {
            throw Refusal(location, $"data files in format {metadata.Format}");
        }

        RefuseUnknownTypes(location, metadata.Schema);
    }

    /// <summary>Refuses files that cannot be read as they are.</summary>
    /// <exception cref="DeltaException">Rows of one are deleted by a deletion vector.</exception>
    public static void RefuseDeletionVectors(string location, IEnumerable<AddFile> files)
    {
        if (files.Any(static file => file.HasDeletionVector))
        {
            throw Refusal(location, $"the reader feature {DeletionVectors}");
        }
    }

    /// <summary>Refuses a table whose rules for writers this library does not know.</summary>
    /// <exception cref="DeltaException">It has such rules.</exception>
    public static void RefuseUnwritable(Snapshot snapshot)
    {
        Protocol protocol = snapshot.Protocol;
        List<string> missing = [];
        if (protocol.MinWriterVersion >= TableFeaturesWriter)
        {
            missing.AddRange(protocol.WriterFeatures.Where(feature => !WritableFeatures.Contains(feature)));
            missing.AddRange(protocol.MinWriterVersion > TableFeaturesWriter ? [$"writer version {protocol.MinWriterVersion}"] : []);
        }
        else if (protocol.MinWriterVersion > Protocol.Basic.MinWriterVersion)
        {
            missing.Add(WriterVersions[protocol.MinWriterVersion]);
        }

        if (snapshot.Metadata.Configuration.Keys.FirstOrDefault(key => key.StartsWith("delta.constraints.", StringComparison.Ordinal)) is { } constraint)
        {
            missing.Add($"checkConstraints ({constraint})");
        }

        if (HasInvariants(snapshot.Metadata.Schema))
        {
            missing.Add("invariants");
        }

        if (missing.Count > 0)
        {
            throw new DeltaException($"{snapshot.Location} cannot be written to: it uses {string.Join(", ", missing)}, which is not supported. Write to it with the program that made it");
        }
    }

    private static bool HasInvariants(DeltaType type) => type switch
    {
        StructType schema => schema.Fields.Any(field => field.Metadata.Contains("delta.invariants", StringComparison.Ordinal) || HasInvariants(field.Type)),
        ArrayType array => HasInvariants(array.Element),
        MapType map => HasInvariants(map.Key) || HasInvariants(map.Value),
        _ => false,
    };

    private static void RefuseUnknownTypes(string location, DeltaType type)
    {
        switch (type)
        {
            case PrimitiveType primitive when !PlainTypes.Contains(primitive.Name) && !primitive.Name.StartsWith("decimal(", StringComparison.Ordinal):
                throw Refusal(location, $"the type {primitive.Name}");
            case StructType schema:
                foreach (StructField field in schema.Fields)
                {
                    RefuseUnknownTypes(location, field.Type);
                }

                break;
            case ArrayType array:
                RefuseUnknownTypes(location, array.Element);
                break;
            case MapType map:
                RefuseUnknownTypes(location, map.Key);
                RefuseUnknownTypes(location, map.Value);
                break;
        }
    }

    private static DeltaException Refusal(string location, string what) =>
        new($"{location} cannot be read: it needs {what}, which is not supported. Read it with a newer program, or have its owner drop the feature");
}
