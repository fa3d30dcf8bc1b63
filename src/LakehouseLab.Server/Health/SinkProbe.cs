using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Settings;
using LakehouseLab.Storage;

namespace LakehouseLab.Server.Health;

/// <summary>Looks after the systems that the environment names.</summary>
/// <param name="options">How the service runs.</param>
internal sealed class SinkProbe(ServiceOptions options) : ISinkProbe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly string[] s_endpoints = ["S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Configured
    {
        get
        {
            List<string> systems = [];
            if (s_endpoints.Select(options.Variable).FirstOrDefault(endpoint => !string.IsNullOrEmpty(endpoint)) is { } endpoint)
            {
                systems.Add($"{StartEmulationFields.Minio} at {WithoutSecrets(endpoint)}");
            }

            if (KafkaConnection.Find(options.Variable) is { } kafka)
            {
                systems.Add($"{StartEmulationFields.Kafka} at {kafka.BootstrapServers}");
            }

            return systems;
        }
    }

    /// <inheritdoc/>
    public Task LookAsync(string sync, CancellationToken cancellationToken) => sync switch
    {
        StartEmulationFields.Kafka => Task.Run(LookAtKafka, cancellationToken),

        // A bucket that is delivered to; it need not be there.
        _ => ObjectStores.Open($"s3://{options.Buckets[0].Split('/')[0]}").FindAsync("probe", cancellationToken).AsTask(),
    };

    private static string WithoutSecrets(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : endpoint;

    private void LookAtKafka()
    {
        KafkaConnection connection = KafkaConnection.Require(options.Variable);
        try
        {
            using IAdminClient client = new AdminClientBuilder(connection.CreateConfig()).SetErrorHandler(static (_, _) => { }).SetLogHandler(static (_, _) => { }).Build();
            client.GetMetadata(s_patience);
        }
        catch (KafkaException exception)
        {
            throw new BrokerException($"Kafka at {connection.BootstrapServers} cannot be reached: {exception.Error.Reason}", isUnavailable: true, exception);
        }
    }
}
