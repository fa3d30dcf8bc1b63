using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.Tests.SparkConnect;

/// <summary>Connection strings: what they say, and one sentence for those that say nothing.</summary>
public sealed class SparkConnectionStringTests
{
    [Fact]
    public void Parse_AllParts_AreRead()
    {
        SparkConnectionString connection = SparkConnectionString.Parse(
            "sc://spark.example.com:443/;token=a%3Bb;user_id=ann;user_agent=tool;session_id=8d8d7e06-5a2d-4f0c-9a58-5a37a2a1f6cd;grpc_max_message_size=1000;X-Cluster-Id=c7;");
        Assert.Equal(("spark.example.com", 443, "a;b", "ann", "tool"), (connection.Host, connection.Port, connection.Token, connection.UserId, connection.UserAgent));
        Assert.Equal(("8d8d7e06-5a2d-4f0c-9a58-5a37a2a1f6cd", 1_000, true), (connection.SessionId, connection.MaxMessageSize, connection.UseTls));
        Assert.Equal(new Dictionary<string, string> { ["x-cluster-id"] = "c7" }, connection.Headers);
        Assert.Equal("sc://spark.example.com:443", connection.ToString());
    }

    [Theory]
    [InlineData("sc://localhost", 15_002, false)]
    [InlineData("sc://localhost/", 15_002, false)]
    [InlineData("sc://10.1.2.3:7/;use_ssl=true", 7, true)]
    [InlineData("sc://10.1.2.3/;token=t", 15_002, true)]
    [InlineData("sc://10.1.2.3/;token=t;use_ssl=false", 15_002, false)]
    [InlineData("sc://localhost/;token=t", 15_002, false)]
    [InlineData("sc://127.0.0.1/;token=t", 15_002, false)]
    [InlineData("sc://[::1]:9/;token=t", 9, false)]
    [InlineData("sc://[2001:db8::1]/;token=t", 15_002, true)]
    public void Parse_PortAndTls_HaveTheirDefaults(string text, int port, bool tls)
    {
        SparkConnectionString connection = SparkConnectionString.Parse(text);
        Assert.Equal((port, tls), (connection.Port, connection.UseTls));
    }

    [Theory]
    [InlineData("", "'' is not a connection string")]
    [InlineData("spark://host:7077", "'spark://host:7077' is not a connection string")]
    [InlineData("https://host/;token=secret", "'https://host/' is not a connection string")]
    [InlineData("sc://", "'' is not the name or address of a host")]
    [InlineData("sc://:15002", "'' is not the name or address of a host")]
    [InlineData("sc://ho st", "'ho st' is not the name or address of a host")]
    [InlineData("sc://host/path", "'host/path' is not the name or address of a host")]
    [InlineData("sc://::1", "is not the name or address of a host")]
    [InlineData("sc://host:0", "'0' is not a port")]
    [InlineData("sc://host:65536", "'65536' is not a port")]
    [InlineData("sc://host:x", "'x' is not a port")]
    [InlineData("sc://host;token=secret", "lacks the / before its parameters")]
    [InlineData("sc://host/;token", "parameter token has no value")]
    [InlineData("sc://host/;token=", "parameter token has no value")]
    [InlineData("sc://host/;token=a;token=b", "states token twice")]
    [InlineData("sc://host/;use_ssl=yes", "parameter use_ssl is 'yes': expected true or false")]
    [InlineData("sc://host/;session_id=7", "parameter session_id is '7': expected a UUID")]
    [InlineData("sc://host/;grpc_max_message_size=-1", "parameter grpc_max_message_size is '-1': expected a number of bytes")]
    [InlineData("sc://host/;x y=1", "parameter x y is neither a parameter nor the name of a header")]
    [InlineData("sc://host/;x-h=%0A", "parameter x-h has a value that no header can hold")]
    [InlineData("sc://host/;token=%0Asecret", "parameter token has a value that no header can hold")]
    public void Parse_NoConnectionString_SaysWhyAndNeverTheToken(string text, string message)
    {
        SparkConnectionStringException exception = Assert.Throws<SparkConnectionStringException>(() => SparkConnectionString.Parse(text));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
