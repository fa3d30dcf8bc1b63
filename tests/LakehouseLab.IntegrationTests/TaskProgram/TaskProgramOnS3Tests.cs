using System.Diagnostics;
using LakehouseLab.Decoding;
using LakehouseLab.Decoding.Tasks;
using LakehouseLab.IntegrationTests.S3;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.TaskProgram;

/// <summary>The program on a worker whose environment has neither credentials nor a HOME.</summary>
public sealed class TaskProgramOnS3Tests
{
    private const int Rows = 2_000;

    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decode_LakeInABucket_TakesCredentialsFromTheFileAndTellsThemNobody()
    {
        MinioServer minio = await MinioServer.FindAsync();
        using TemporaryFolder folder = new();
        string lake = $"s3://{MinioServer.NewBucket()}/some/lake";
        S3Store store = new(S3Location.Parse(lake), minio.Options(folder));
        await RunLakelabAsync(folder, lake, "emulate", "transaction", "--rows", $"{Rows}", "--users", "500");
        await RunLakelabAsync(folder, lake, "pipeline", "run", "--select", "silver.transactions");
        string bronze = await store.ListAsync("bronze/transactions/", s_token).Select(item => item.Key).SingleAsync(key => key.EndsWith(".parquet", StringComparison.Ordinal), s_token);
        DecodeTask task = new(DecoderFingerprint.Value, lake, BuiltIn.Transaction.Name, bronze, Rows, [], QuarantineForeign: false, ".staging/decoded-test/");

        (int code, string output, string words) = await DecodeAsync(folder, task, []);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("there are no credentials", words, StringComparison.Ordinal);

        string credentials = folder.Combine(TaskCredentials.FileName);
        await File.WriteAllBytesAsync(credentials, TaskCredentials.Of(Environment.GetEnvironmentVariable)!, s_token);
        (code, output, words) = await DecodeAsync(folder, task, ["--credentials", credentials]);
        Assert.Equal((0, ""), (code, words));
        Assert.DoesNotContain(Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY")!, output, StringComparison.Ordinal);

        DecodeAnswer answer = Assert.Single(TaskProtocol.Match([task], [TaskProtocol.ReadAnswer(output)]));
        using LocalLease lease = new();
        string expected = folder.Combine("expected.parquet");
        new RecordDecoder(BuiltIn.Transaction, [], quarantineForeign: false).Decode(await store.GetLocalPathAsync(bronze, lease, s_token), expected, s_token);
        Assert.Equal(await File.ReadAllBytesAsync(expected, s_token), await store.ReadAsync(answer.Output, s_token));
    }

    private static async Task RunLakelabAsync(TemporaryFolder folder, string lake, params string[] arguments)
    {
        using LakelabProcess lakelab = LakelabProcess.Start(new Dictionary<string, string> { ["LAKELAB_LAKE"] = lake, ["LAKELAB_CACHE_FOLDER"] = folder.Path }, arguments);
        (int code, _, string words) = await lakelab.EndAsync();
        Assert.True(code == 0, words);
    }

    private static async Task<(int Code, string Output, string Words)> DecodeAsync(TemporaryFolder folder, DecodeTask task, string[] arguments)
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "lakelab-task.dll"), "decode", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = "/nonexistent";
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        using Process program = Process.Start(start)!;
        await program.StandardInput.WriteLineAsync(TaskProtocol.Write(task));
        program.StandardInput.Close();
        string output = await program.StandardOutput.ReadToEndAsync(s_token);
        string words = await program.StandardError.ReadToEndAsync(s_token);
        await program.WaitForExitAsync(s_token);
        return (program.ExitCode, output, words);
    }
}
