using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using LakehouseLab.Server.Settings;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Emulations;

/// <summary>Turns the body of a request into an emulation's settings, or says everything that is wrong with it.</summary>
/// <param name="fields">The fields.</param>
/// <param name="options">The service's roots, caps and world.</param>
/// <param name="lake">The lake, for messages and as the default place.</param>
internal sealed class StartEmulationReader(StartEmulationFields fields, ServiceOptions options, Lake lake)
{
    private const string ObjectStore = "s3://";
    private const string DefaultBucket = "lakehouse";

    /// <summary>Reads a body.</summary>
    /// <returns>The settings, or the problem.</returns>
    public (EmulationSettings? Settings, ProblemDetails? Problem) Read(JsonBody body)
    {
        RequestReader reader = RequestReader.Of(body.Root, fields.All);
        string sync = reader.Read(fields.EmulatorSync) ?? "";
        long? timeout = reader.ReadValue(fields.Timeout);
        long? rows = reader.ReadValue(fields.Rows);
        DateTimeOffset? until = reader.ReadValue(fields.Until);
        bool hasEnd = rows is not null || until is not null;
        bool toKafka = sync == StartEmulationFields.Kafka;
        string format = reader.Read(fields.FormatType) ?? "json";
        (string? bucket, string? prefix) = ReadPlace(reader, sync);
        EmulationSettings settings = new()
        {
            EmulatorSync = sync,
            EmulationDomain = reader.Read(fields.EmulationDomain) ?? "",
            Timeout = timeout ?? (hasEnd ? null : StartEmulationFields.DefaultTimeout),
            FormatType = format,
            SyncType = reader.Read(fields.SyncType) ?? "chunked",
            MaxChunkSize = reader.ReadValue(fields.MaxChunkSize) ?? EmulationOptions.DefaultMaxChunkSize,
            FlushInterval = reader.ReadValue(fields.FlushInterval) ?? (toKafka ? null : 10),
            Threads = (int)(reader.ReadValue(fields.Threads) ?? 1),
            Rows = rows,
            FirstRow = reader.ReadValue(fields.FirstRow) is { } row and >= 0 ? row : null,
            From = reader.ReadValue(fields.From),
            Until = until,
            Rate = reader.Read(fields.Rate) ?? (hasEnd ? Pace.Max.ToString() : StartEmulationFields.TimedRate),
            Compression = reader.Read(fields.Compression) ?? (toKafka ? null : "none"),
            Labels = reader.Read(fields.Labels) ?? "inline",
            Delivery = reader.Read(fields.Delivery) ?? "exactly_once",
            Headers = reader.ReadValue(fields.Headers) ?? (toKafka ? true : null),
            Topic = ReadTopic(reader, toKafka),
            Bucket = bucket,
            Prefix = prefix,
            Seed = options.World.Seed,
            Users = options.World.Users,
            Start = options.World.Start,
            FraudRate = options.World.FraudRate,
            FraudMix = options.World.FraudMix.ToString(),
        };
        if (!reader.HasErrors)
        {
            CheckTogether(reader, settings);
        }

        List<string> otherWorld = [.. OtherWorld(reader)];
        return reader.HasErrors ? (null, reader.ToProblem())
            : otherWorld.Count > 0 ? (null, Problem.Of(409, $"the lake '{lake.Location}' holds another world ({string.Join("; ", otherWorld)}): a lake holds one world, so leave the setting out, or ask a service of another lake"))
            : (settings, null);
    }

    private void CheckTogether(RequestReader reader, EmulationSettings settings)
    {
        if (reader.States(fields.From) && reader.States(fields.FirstRow))
        {
            reader.Fail(fields.From.Name, "and first_row exclude each other: state one of them");
        }

        if (settings.Until <= settings.From)
        {
            reader.Fail(fields.Until.Name, "is not after from: state a later end");
        }

        bool toKafka = settings.EmulatorSync == StartEmulationFields.Kafka;

        // Clients of the original service always send format_type, sync_type and max_chunk_size: for Kafka they have no effect and are not an error.
        RequestField[] foreign = toKafka ? [fields.FlushInterval] : [fields.Topic, fields.Headers];
        foreach (RequestField field in foreign.Where(reader.States))
        {
            reader.Fail(field.Name, toKafka ? "is for objects: leave it out for kafka" : "is for kafka: leave it out");
        }

        if (toKafka && KafkaConnection.Find(options.Variable) is null)
        {
            reader.Fail(fields.EmulatorSync.Name, $"is 'kafka': this service has no Kafka brokers: start it with {KafkaConnection.ServersVariable}");
        }

        EmulationOptions asked = settings.ToOptions();
        foreach ((string field, string problem) in RequestRules.Find(asked, settings.Rows))
        {
            reader.Fail(field == "format" ? fields.FormatType.Name : field, problem);
        }

        if (options.MaxRate is { } most && !(asked.Pace.Kind == PaceKind.Rows && asked.Pace.Value <= most))
        {
            reader.Fail(fields.Rate.Name, FormattableString.Invariant($"is '{settings.Rate}': this service allows at most {most} rows a second, such as {most}/s"));
        }

        if (settings.EmulatorSync == StartEmulationFields.Local && lake.Location.StartsWith(ObjectStore, StringComparison.Ordinal))
        {
            reader.Fail(fields.EmulatorSync.Name, $"is 'local': the lake '{lake.Location}' is not a folder; allowed are minio and kafka");
        }
    }

    private string? ReadTopic(RequestReader reader, bool toKafka)
    {
        string? topic = reader.Read(fields.Topic);
        if (topic is not null && !options.Topics.Any(allowed => allowed.EndsWith('*') ? topic.StartsWith(allowed[..^1], StringComparison.Ordinal) : topic == allowed))
        {
            reader.Fail(fields.Topic.Name, $"is '{topic}': this service delivers to {string.Join(", ", options.Topics)}");
        }

        return topic ?? (toKafka && reader.Read(fields.EmulationDomain) is { } domain ? Domain.Find(domain)!.Topic : null);
    }

    private (string? Bucket, string? Prefix) ReadPlace(RequestReader reader, string sync)
    {
        string? bucket = reader.Read(fields.Bucket);
        string? prefix = reader.Read(fields.Prefix);
        if (sync != StartEmulationFields.Minio)
        {
            foreach (RequestField field in new RequestField[] { fields.Bucket, fields.Prefix }.Where(reader.States))
            {
                reader.Fail(field.Name, $"is for minio: leave it out{(sync.Length > 0 ? $" for {sync}" : "")}");
            }

            return (null, null);
        }

        if (!reader.States(fields.Bucket) && !reader.States(fields.Prefix) && lake.Location.StartsWith(ObjectStore, StringComparison.Ordinal))
        {
            string[] place = lake.Location[ObjectStore.Length..].TrimEnd('/').Split('/', 2);
            return (place[0], place.Length > 1 ? place[1] : null);
        }

        bucket ??= DefaultBucket;
        string destination = prefix is null ? bucket : $"{bucket}/{prefix}";
        if (!options.Buckets.Any(root => destination == root || destination.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal)))
        {
            reader.Fail(reader.States(fields.Bucket) ? fields.Bucket.Name : fields.Prefix.Name, $"is outside of the places that this service delivers to: {string.Join(", ", options.Buckets)}");
        }

        return (bucket, prefix);
    }

    private IEnumerable<string> OtherWorld(RequestReader reader)
    {
        WorldSettings world = options.World;
        (string Name, object? Asked, object Bound)[] settings =
        [
            (fields.Seed.Name, reader.ReadValue(fields.Seed), world.Seed),
            (fields.Users.Name, (int?)reader.ReadValue(fields.Users), world.Users),
            (fields.Start.Name, reader.ReadValue(fields.Start), world.Start),
            (fields.FraudRate.Name, reader.ReadValue(fields.FraudRate), world.FraudRate),
            (fields.FraudMix.Name, reader.Read(fields.FraudMix) is { } mix ? World.Settings.FraudMix.Parse(mix) : null, world.FraudMix),
        ];
        return settings.Where(setting => setting.Asked is not null && !setting.Asked.Equals(setting.Bound))
            .Select(setting => FormattableString.Invariant($"{setting.Name} is {Show(setting.Bound)}, not {Show(setting.Asked!)}"));
    }

    private static object Show(object value) => value is DateTimeOffset instant ? $"{instant:yyyy-MM-ddTHH:mm:ss.fffZ}" : value;
}
