using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Storage;

namespace LakehouseLab.Server.Health;

/// <summary>Looks after the systems that the environment names.</summary>
/// <param name="variable">Reads an environment variable; null when it is not set.</param>
/// <param name="bucket">A bucket that is delivered to; it need not be there.</param>
internal sealed class SinkProbe(Func<string, string?> variable, string bucket) : ISinkProbe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly string[] s_endpoints = ["S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Configured
    {
        get
        {
            List<string> systems = [];
            if (s_endpoints.Select(variable).FirstOrDefault(endpoint => !string.IsNullOrEmpty(endpoint)) is { } endpoint)
            {
                systems.Add($"{StartEmulationFields.Minio} at {WithoutSecrets(endpoint)}");
            }

            if (KafkaConnection.Find(variable) is { } kafka)
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
        _ => ObjectStores.Open($"s3://{bucket}").FindAsync("probe", cancellationToken).AsTask(),
    };

    private static string WithoutSecrets(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : endpoint;

    private void LookAtKafka()
    {
        KafkaConnection connection = KafkaConnection.Require(variable);
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
