using System.Buffers;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>The Spark that runs the models.</summary>
/// <param name="Connection">Its server.</param>
public sealed record SparkOptions(SparkConnectionString Connection)
{
    private static readonly SearchValues<char> s_beyondName = SearchValues.Create(". `\t\r\n/");

    /// <summary>Where records are decoded; null for the first place that works.</summary>
    public DecodePlace? Decode { get; init; }

    /// <summary>The Kafka cluster as Spark reaches it, for streams; null when there is none.</summary>
    public SparkKafka? Kafka { get; init; }

    /// <summary>The catalog that names the lake's tables, as <c>catalog.layer.table</c>; null when statements name them by their paths.</summary>
    public string? Catalog { get; init; }

    /// <summary>Reads what a user wrote.</summary>
    /// <param name="remote">The server: <c>sc://host:port</c>, with parameters such as <c>;token=…</c>.</param>
    /// <param name="decode"><c>auto</c>, or a place to decode.</param>
    /// <param name="catalog">The catalog; empty for none.</param>
    /// <exception cref="InvalidRequestException">One of them is not what it should be.</exception>
    public static SparkOptions Parse(string remote, string decode, string catalog)
    {
        if (catalog.AsSpan().ContainsAny(s_beyondName))
        {
            throw new InvalidRequestException($"catalog: '{catalog}' is not a catalog's name: give the name alone, like spark_catalog; schemas and tables are named as in the lake");
        }

        try
        {
            return new SparkOptions(SparkConnectionString.Parse(remote))
            {
                Catalog = catalog is "" ? null : catalog,
                Decode = decode switch
                {
                    "auto" => null,
                    "workers" => DecodePlace.Workers,
                    "artifact" => DecodePlace.Artifact,
                    "client" => DecodePlace.Client,
                    _ => throw new InvalidRequestException($"decode: '{decode}' is none of auto, workers, artifact, client"),
                },
            };
        }
        catch (SparkConnectionStringException exception)
        {
            throw new InvalidRequestException($"remote: {exception.Message}", exception);
        }
    }
}

/// <summary>Where Bronze's records are decoded.</summary>
public enum DecodePlace
{
    /// <summary>In Spark's tasks, by <c>lakelab-task</c> installed on the workers.</summary>
    Workers,

    /// <summary>In Spark's tasks, by <c>lakelab-task</c> uploaded with the session.</summary>
    Artifact,

    /// <summary>In this process.</summary>
    Client,
}
