using System.Diagnostics;
using LakehouseLab.Decoding;
using LakehouseLab.Decoding.Files;
using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Tests.Decoding;
using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace LakehouseLab.Tests.TaskProgram;

/// <summary>The built program as an engine runs it: a process with three pipes.</summary>
public sealed class TaskProgramTests
{
    private const int Limit = 120_000;

    private static readonly byte[][] s_good = [.. Enumerable.Range(0, 50).Select(row => Encoding.UTF8.GetBytes(ParsedRecord.With("user_id", $"{row}")))];
    private static readonly byte[][] s_hostile = [.. s_good[..3], "a\tb\rc"u8.ToArray(), "{\u0001"u8.ToArray(), [0xFF, 0xFE], [], "\\N"u8.ToArray(), "{\"a\":\"\\ud800\"}"u8.ToArray(), .. s_good[3..5]];

    [Fact(Timeout = Limit)]
    public async Task Decode_GoodAndHostileRecords_GivesTheFilesOfTheDecoderInTheProcess()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TaskLake lake = new();
        DecodeTask[] tasks = [lake.Add("good", s_good), lake.Add("hostile", s_hostile)];
        using Process program = Start("decode");
        await program.StandardInput.WriteAsync(string.Concat(tasks.Select(task => $"{TaskProtocol.Write(task)}\n")));
        program.StandardInput.Close();
        string[] lines = (await program.StandardOutput.ReadToEndAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("", await program.StandardError.ReadToEndAsync(cancellation));
        await program.WaitForExitAsync(cancellation);
        Assert.Equal(0, program.ExitCode);

        IReadOnlyList<DecodeAnswer> answers = TaskProtocol.Match(tasks, [.. lines.Select(TaskProtocol.ReadAnswer)]);
        Assert.Equal([0, 6], answers.Select(answer => answer.Summary.Rejected));
        RecordDecoder decoder = new(BuiltIn.Transaction, [], quarantineForeign: false);
        foreach ((DecodeTask task, DecodeAnswer answer) in tasks.Zip(answers))
        {
            DecodedFile expected = decoder.Decode(lake.PathOf(task.File), lake.PathOf("expected.parquet"), cancellation);
            Assert.Equal(await File.ReadAllBytesAsync(expected.Path, cancellation), await File.ReadAllBytesAsync(lake.PathOf(answer.Output), cancellation));
            Assert.Equal(expected.Summary, answer.Summary with { LeftOut = expected.Summary.LeftOut });
        }

        Assert.Equal(2, lake.DecodedFiles().Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Decode_NobodyReadsAnswersAnyMore_EndsThoughItsInputStaysOpen()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TaskLake lake = new();
        using Process program = Start("decode");
        await program.StandardInput.WriteLineAsync(TaskProtocol.Write(lake.Add("good", s_good)));
        await program.StandardInput.FlushAsync(cancellation);
        Assert.Equal(s_good.Length, TaskProtocol.ReadAnswer(await program.StandardOutput.ReadLineAsync(cancellation)).Summary.Records);
        program.StandardOutput.Close();
        Assert.Contains("nobody reads its answers", await program.StandardError.ReadToEndAsync(cancellation), StringComparison.Ordinal);
        await program.WaitForExitAsync(cancellation);
        Assert.Equal(1, program.ExitCode);
    }

    [Fact(Timeout = Limit)]
    public async Task Decode_KilledWhileItWrites_LeavesNoFileThatIsNotWhole()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TaskLake lake = new();
        DecodeTask task = lake.Add("good", [.. Enumerable.Range(0, 400).SelectMany(_ => s_good)]);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new(lake.Location) { IncludeSubdirectories = true, Filter = "*.parquet" };
        watcher.Created += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        using Process program = Start("decode");
        await program.StandardInput.WriteLineAsync(TaskProtocol.Write(task));
        await program.StandardInput.FlushAsync(cancellation);
        await begun.Task.WaitAsync(cancellation);
        program.Kill();
        await program.WaitForExitAsync(cancellation);
        Assert.All(lake.DecodedFiles(), path =>
        {
            using ParquetFileReader file = new(path);
            Assert.Equal(task.Records, file.FileMetaData.NumRows);
        });
    }

    [Fact(Timeout = Limit)]
    public async Task Version_WithRowsOfAnEngine_ReadsThemAndTellsHowItDecodes()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Process program = Start("version");
        await program.StandardInput.WriteAsync(string.Concat(Enumerable.Repeat("row\n", 100_000)));
        program.StandardInput.Close();
        Assert.Equal(TaskVersion.Current, TaskProtocol.ReadVersion(await program.StandardOutput.ReadToEndAsync(cancellation)));
        Assert.True(TaskVersion.Current.DecodesAlike);
    }

    private static Process Start(string command)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "lakelab-task.dll"), command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
    }
}
