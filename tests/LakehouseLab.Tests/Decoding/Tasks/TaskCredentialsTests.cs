using LakehouseLab.Decoding.Tasks;

namespace LakehouseLab.Tests.Decoding.Tasks;

public sealed class TaskCredentialsTests
{
    private static readonly Dictionary<string, string> s_client = new()
    {
        ["AWS_ACCESS_KEY_ID"] = "key",
        ["AWS_SECRET_ACCESS_KEY"] = "se=cret",
        ["S3_ENDPOINT"] = "http://client:9000",
        ["PATH"] = "/bin",
    };

    [Fact]
    public void ReadFor_EnvironmentWithoutCredentials_GivesWhatItLacks()
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, TaskCredentials.Of(s_client.GetValueOrDefault)!);
        Assert.Equal(
            [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "se=cret"), ("S3_ENDPOINT", "http://client:9000")],
            TaskCredentials.ReadFor(_ => null, path).Select(pair => (pair.Key, pair.Value)));
        Assert.DoesNotContain("S3_ENDPOINT", TaskCredentials.ReadFor(name => name == "S3_ENDPOINT" ? "http://inside:9000" : null, path).Keys);
        Assert.Empty(TaskCredentials.ReadFor(name => name == "AWS_ACCESS_KEY_ID" ? "own" : null, path));
    }

    [Fact]
    public void Of_EnvironmentWithoutCredentials_IsNothing() => Assert.Null(TaskCredentials.Of(name => name == "S3_ENDPOINT" ? "http://x" : null));

    [Theory]
    [InlineData("AWS_SECRET_ACCESS_KEY:secret\n")]
    [InlineData("LD_PRELOAD=secret\n")]
    [InlineData("S3_ENDPOINT=secret\nS3_ENDPOINT=secret\n")]
    public void ReadFor_FileOfSomethingElse_IsRefusedWithoutItsContent(string content)
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, System.Text.Encoding.UTF8.GetBytes(content));
        string refusal = Assert.Throws<TaskProtocolException>(() => TaskCredentials.ReadFor(_ => null, path)).Message;
        Assert.Contains("is not NAME=value", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFor_FileThatIsNotThere_IsRefused() =>
        Assert.Contains("cannot be read", Assert.Throws<TaskProtocolException>(() => TaskCredentials.ReadFor(_ => null, "/nowhere/file")).Message, StringComparison.Ordinal);

    private static string Write(TemporaryFolder folder, byte[] content)
    {
        string path = folder.Combine("credentials");
        File.WriteAllBytes(path, content);
        return path;
    }
}
