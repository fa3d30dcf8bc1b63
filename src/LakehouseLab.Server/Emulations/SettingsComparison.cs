using System.Text.Json;
using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Server.Emulations;

/// <summary>Compares settings of emulations, as clients see them.</summary>
internal static class SettingsComparison
{
    // Rows are compared as numbers, however they were stated; how many threads make them does not show.
    private static readonly HashSet<string> s_aside = ["threads", "rows", "first_row", "from", "until"];

    // With a number of rows these only say when they are there.
    private static readonly HashSet<string> s_timing = ["timeout", "rate"];

    // Kept for clients of the original service, without effect.
    private static readonly HashSet<string> s_withoutEffectOnKafka = ["format_type", "sync_type", "max_chunk_size"];

    /// <summary>Whether an emulation goes on until its time is over or it is ended.</summary>
    public static bool IsOpen(this EmulationSettings settings) => settings is { Rows: null, Until: null };

    /// <summary>Settings as a document.</summary>
    public static JsonObject ToDocument(this EmulationSettings settings) =>
        JsonSerializer.SerializeToNode(settings, EmulationDocuments.Default.EmulationSettings)!.AsObject();

    /// <summary>What a manifest says of an emulation's settings.</summary>
    public static JsonObject ToDocument(this Manifest manifest)
    {
        bool toKafka = manifest.Sync == SyncSystem.Kafka;
        JsonObject document = new()
        {
            ["emulator_sync"] = manifest.Destination.Name,
            ["emulation_domain"] = manifest.Domain,
            ["format_type"] = manifest.Format,
            ["labels"] = manifest.Labels ? "inline" : "none",
        };
        if (toKafka)
        {
            document["topic"] = manifest.Location;
            return document;
        }

        document["compression"] = manifest.Compression;
        if (manifest is { Sync: SyncSystem.Minio, Location: { } location })
        {
            string[] place = location["s3://".Length..].TrimEnd('/').Split('/', 2);
            document["bucket"] = place[0];
            if (place.Length > 1)
            {
                document["prefix"] = place[1];
            }
        }

        return document;
    }

    /// <summary>The names of settings that differ.</summary>
    /// <param name="asked">The settings that are asked for.</param>
    /// <param name="other">Those of another emulation.</param>
    /// <param name="isWhole">Whether these are all that it has; otherwise only those that are there are compared.</param>
    /// <param name="areOpen">Whether either goes on until its time is over.</param>
    public static IEnumerable<string> FindDifferences(JsonObject asked, JsonObject other, bool isWhole, bool areOpen)
    {
        bool toKafka = (string?)asked["emulator_sync"] == StartEmulationFields.Kafka;
        return other.Select(field => field.Key).Union(isWhole ? asked.Select(field => field.Key) : [])
            .Where(name => !s_aside.Contains(name) && (areOpen || !s_timing.Contains(name)) && !(toKafka && s_withoutEffectOnKafka.Contains(name)))
            .Where(name => !JsonNode.DeepEquals(asked[name], other[name]));
    }
}
