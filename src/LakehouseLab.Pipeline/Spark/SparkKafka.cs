namespace LakehouseLab.Pipeline.Spark;

/// <summary>The Kafka cluster, as Spark reaches it. Its secrets are Spark's own: none are sent there.</summary>
/// <param name="Servers">The brokers to ask first, as <c>host:port</c> separated by commas.</param>
/// <param name="SecurityProtocol">How the connection is secured; null for not at all.</param>
/// <param name="SaslMechanism">How Spark says who it is; null where it does not.</param>
public sealed record SparkKafka(string Servers, string? SecurityProtocol = null, string? SaslMechanism = null);
