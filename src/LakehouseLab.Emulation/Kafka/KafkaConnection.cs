using Confluent.Kafka;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>How a Kafka cluster is reached. Immutable; its secrets stay in it.</summary>
public sealed class KafkaConnection
{
    /// <summary>The variable that names the brokers to ask first, <c>host:port</c> separated by commas.</summary>
    public const string ServersVariable = "KAFKA_BOOTSTRAP_SERVERS";

    /// <summary>The variable that says how the connection is secured.</summary>
    public const string SecurityProtocolVariable = "KAFKA_SECURITY_PROTOCOL";

    /// <summary>What the variables of SASL begin with.</summary>
    public const string SaslPrefix = "KAFKA_SASL_";

    /// <summary>What the variables of TLS begin with.</summary>
    public const string SslPrefix = "KAFKA_SSL_";

    private static readonly string[] s_protocols = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];
    private static readonly string[] s_mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "OAUTHBEARER"];

    // By the names that the client library has for them.
    private static readonly (string Variable, string Property)[] s_optional =
    [
        (SecurityProtocolVariable, "security.protocol"),
        (SaslPrefix + "MECHANISM", "sasl.mechanism"),
        (SaslPrefix + "USERNAME", "sasl.username"),
        (SaslPrefix + "PASSWORD", "sasl.password"),
        (SslPrefix + "CA_LOCATION", "ssl.ca.location"),
        (SslPrefix + "CERTIFICATE_LOCATION", "ssl.certificate.location"),
        (SslPrefix + "KEY_LOCATION", "ssl.key.location"),
        (SslPrefix + "KEY_PASSWORD", "ssl.key.password"),
    ];

    private readonly Dictionary<string, string> _properties;

    private KafkaConnection(string servers, Dictionary<string, string> properties)
    {
        BootstrapServers = servers;
        _properties = properties;
    }

    /// <summary>The brokers to ask first, for messages.</summary>
    public string BootstrapServers { get; }

    /// <summary>Reads the connection from environment variables.</summary>
    /// <param name="variable">Reads a variable; null when it is not set.</param>
    /// <returns>The connection, or null when <see cref="ServersVariable"/> is not set.</returns>
    /// <exception cref="InvalidRequestException">A variable has a value that it cannot have.</exception>
    public static KafkaConnection? Find(Func<string, string?> variable)
    {
        if (variable(ServersVariable) is not { } text || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        string[] servers = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (servers.Length == 0 || Array.Find(servers, server => !IsServer(server)) is not null)
        {
            throw new InvalidRequestException($"{ServersVariable}: '{text}' is not a list of brokers: write it like localhost:9092,other:9092");
        }

        Dictionary<string, string> properties = new() { ["bootstrap.servers"] = string.Join(',', servers) };
        foreach ((string name, string property) in s_optional)
        {
            if (variable(name) is { Length: > 0 } value)
            {
                properties[property] = property switch
                {
                    "security.protocol" => OneOf(name, value, s_protocols).ToLowerInvariant(),
                    "sasl.mechanism" => OneOf(name, value, s_mechanisms),
                    _ => value,
                };
            }
        }

        return new KafkaConnection(properties["bootstrap.servers"], properties);
    }

    /// <summary>Reads the connection from environment variables, which must be there.</summary>
    /// <param name="variable">Reads a variable; null when it is not set.</param>
    /// <exception cref="InvalidRequestException">A variable is missing or has a value that it cannot have.</exception>
    public static KafkaConnection Require(Func<string, string?> variable) => Find(variable)
        ?? throw new InvalidRequestException($"{ServersVariable} is not set: name the Kafka brokers in it, such as localhost:9092");

    /// <summary>Settings for one client, which may add its own. The library writes nothing to the console: what fails is thrown
    /// or given to the client's error handler.</summary>
    public ClientConfig CreateConfig() => new(new Dictionary<string, string>(_properties)
    {
        ["client.id"] = "lakelab",
        ["log_level"] = "0",
    });

    private static bool IsServer(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out ushort port) && port > 0;
    }

    private static string OneOf(string name, string value, string[] allowed) =>
        Array.Find(allowed, one => one.Equals(value, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidRequestException($"{name}: '{value}' is none of {string.Join(", ", allowed)}");
}
