using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Emulation.Kafka;

public sealed class KafkaConnectionTests
{
    [Fact]
    public void CreateConfig_AllVariables_AreTheClientsProperties()
    {
        KafkaConnection connection = KafkaConnection.Require(Variables(
            ("KAFKA_BOOTSTRAP_SERVERS", " one:9092, [::1]:9093"), ("KAFKA_SECURITY_PROTOCOL", "sasl_ssl"), ("KAFKA_SASL_MECHANISM", "scram-sha-512"),
            ("KAFKA_SASL_USERNAME", "lab"), ("KAFKA_SASL_PASSWORD", "secret"), ("KAFKA_SSL_CA_LOCATION", "/ca.pem")));
        ClientConfig config = connection.CreateConfig();
        Assert.Equal(
            ("one:9092,[::1]:9093", SecurityProtocol.SaslSsl, SaslMechanism.ScramSha512, "lab", "secret", "/ca.pem"),
            (config.BootstrapServers, config.SecurityProtocol, config.SaslMechanism, config.SaslUsername, config.SaslPassword, config.SslCaLocation));
    }

    [Fact]
    public void CreateConfig_ChangedByOneClient_IsFreshForTheNext()
    {
        KafkaConnection connection = KafkaConnection.Require(Variables(("KAFKA_BOOTSTRAP_SERVERS", "one:9092")));
        connection.CreateConfig().ClientId = "other";
        Assert.Equal("lakelab", connection.CreateConfig().ClientId);
    }

    [Fact]
    public void Find_NoServers_IsNone() => Assert.Null(KafkaConnection.Find(static _ => null));

    [Theory]
    [InlineData("KAFKA_BOOTSTRAP_SERVERS", "localhost")]
    [InlineData("KAFKA_BOOTSTRAP_SERVERS", "localhost:0")]
    [InlineData("KAFKA_BOOTSTRAP_SERVERS", ",")]
    [InlineData("KAFKA_SECURITY_PROTOCOL", "TLS")]
    [InlineData("KAFKA_SASL_MECHANISM", "MD5")]
    public void Find_WrongValue_IsNamedWithWhatIsAllowed(string variable, string value)
    {
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => KafkaConnection.Find(Variables(("KAFKA_BOOTSTRAP_SERVERS", "one:9092"), (variable, value))));
        Assert.StartsWith($"{variable}: '{value}' is no", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.Local_AllBrokersDown, true, "no broker answers")]
    [InlineData(ErrorCode.NotEnoughReplicas, true, "start it and run the same command again")]
    [InlineData(ErrorCode.SaslAuthenticationFailed, false, "KAFKA_SASL_")]
    [InlineData(ErrorCode.TopicAuthorizationFailed, false, "grant it")]
    [InlineData(ErrorCode.UnknownTopicOrPart, false, "the topic does not exist")]
    public void Describe_Error_NamesWhatWhereWhyAndTheRemedyWithoutSecrets(ErrorCode code, bool isUnavailable, string named)
    {
        KafkaConnection connection = KafkaConnection.Require(Variables(("KAFKA_BOOTSTRAP_SERVERS", "one:9092"), ("KAFKA_SASL_PASSWORD", "secret")));
        BrokerException failure = KafkaFailure.Describe("read topic transactions", connection, new Error(code));
        Assert.Equal(isUnavailable, failure.IsUnavailable);
        Assert.StartsWith("cannot read topic transactions at Kafka one:9092: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => variables.LastOrDefault(variable => variable.Name == name).Value;
}
