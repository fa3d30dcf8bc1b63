using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Delta.Log;

/// <summary>Refuses, by name, what this library does not do.</summary>
internal static class Features
{
    /// <summary>From this reader version on a table lists the features that a reader must know.</summary>
    public const int TableFeaturesReader = 3;

    /// <summary>From this writer version on a table lists the features that a writer must know.</summary>
    public const int TableFeaturesWriter = 7;


    // What each writer version up to 6 brought (Delta protocol, "Requirements for Writers").
    private static readonly string[] WriterVersions = ["", "", "", "checkConstraints", "changeDataFeed and generatedColumns", "columnMapping", "identityColumns"];

    private static readonly HashSet<string> WritableFeatures = new(StringComparer.Ordinal) { "appendOnly", "invariants" };

    private static readonly HashSet<string> PlainTypes = new(StringComparer.Ordinal)
        { "string", "long", "integer", "short", "byte", "float", "double", "boolean", "binary", "date", "timestamp" };

    public static void RefuseUnreadable(string location, Protocol protocol, TableMetadata metadata)
    {
        if (protocol.MinReaderVersion > TableFeaturesReader)
        {
            throw Refusal(location, $"reader version {protocol.MinReaderVersion}");
        }

        if (protocol.MinReaderVersion == TableFeaturesReader && protocol.ReaderFeatures.Count > 0)
        {
            throw Refusal(location, $"the reader feature {string.Join(", ", protocol.ReaderFeatures)}");
        }

        if (metadata.Configuration.TryGetValue("delta.columnMapping.mode", out string? mode) && !string.Equals(mode, "none", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal(location, $"the reader feature columnMapping (mode {mode})");
        }

        RefuseUnknownTypes(location, metadata.Schema);
    }

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
