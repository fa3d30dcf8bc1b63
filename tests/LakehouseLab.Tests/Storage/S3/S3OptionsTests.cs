using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.Tests.Storage.S3;

public sealed class S3OptionsTests
{
    [Fact]
    public void FromEnvironment_Nothing_IsAwsWithDefaults()
    {
        S3Options options = S3Options.FromEnvironment(static _ => null);
        Assert.Null(options.Endpoint);
        Assert.Null(options.Region);
        Assert.Equal(8L << 30, options.CacheBytes);
    }

    [Fact]
    public void FromEnvironment_SeveralEndpoints_TheMostSpecificHolds()
    {
        Dictionary<string, string> variables = new() { ["AWS_ENDPOINT_URL"] = "http://a:1", ["AWS_DEFAULT_REGION"] = "eu-west-1" };
        Assert.Equal(new Uri("http://a:1"), Read(variables).Endpoint);
        variables["AWS_ENDPOINT_URL_S3"] = "http://b:1";
        Assert.Equal(new Uri("http://b:1"), Read(variables).Endpoint);
        variables["S3_ENDPOINT"] = "https://c";
        variables["AWS_REGION"] = "eu-north-1";
        variables["S3_PATH_STYLE"] = "false";
        variables["LAKELAB_CACHE_SIZE"] = "512MiB";
        variables["LAKELAB_CACHE_FOLDER"] = "/somewhere";
        S3Options options = Read(variables);
        Assert.Equal((new Uri("https://c"), "eu-north-1", false, 512L << 20, "/somewhere"), (options.Endpoint, options.Region, options.PathStyle, options.CacheBytes, options.CacheFolder));
    }

    [Theory]
    [InlineData("S3_ENDPOINT", "localhost:9000", "write it like http://")]
    [InlineData("S3_ENDPOINT", "ftp://host", "write it like http://")]
    [InlineData("S3_ENDPOINT", "http://user:secret@host", "write it like http://")]
    [InlineData("S3_PATH_STYLE", "maybe", "true or false")]
    [InlineData("LAKELAB_CACHE_SIZE", "8", "write a size like 8GiB")]
    [InlineData("LAKELAB_CACHE_SIZE", "-8GiB", "write a size like 8GiB")]
    [InlineData("LAKELAB_CACHE_SIZE", "99999999999TiB", "write a size like 8GiB")]
    [InlineData("LAKELAB_CACHE_SIZE", "GiB", "write a size like 8GiB")]
    public void FromEnvironment_WrongValue_NamesVariableAndFormWithoutSecrets(string name, string value, string words)
    {
        string message = Assert.Throws<StorageLocationException>(() => Read(new() { [name] = value })).Message;
        Assert.StartsWith(name, message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    private static S3Options Read(Dictionary<string, string> variables) => S3Options.FromEnvironment(variables.GetValueOrDefault);
}
