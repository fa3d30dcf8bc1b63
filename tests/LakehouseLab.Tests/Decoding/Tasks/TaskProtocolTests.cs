using LakehouseLab.Decoding.Files;
using LakehouseLab.Decoding.Tasks;

namespace LakehouseLab.Tests.Decoding.Tasks;

public sealed class TaskProtocolTests
{
    [Theory]
    [InlineData("a\rb\nc\td\u0001\\N\u2028")]
    [InlineData("Ünïcode 東京 😀 \"quoted\" 'single'")]
    public void Write_AnyText_IsOneLineOfPlainAscii(string text)
    {
        DecodeTask task = TaskOf(text);
        string line = TaskProtocol.Write(task);
        Assert.All(line, symbol => Assert.InRange(symbol, ' ', '~'));
        DecodeTask read = TaskProtocol.ReadTask(line);
        Assert.Equal(task.Foreign, read.Foreign);
        Assert.Equal(task, read with { Foreign = task.Foreign });
    }

    [Fact]
    public void Match_AnswersInAnotherOrder_FollowsTheTasks()
    {
        DecodeTask[] tasks = [TaskOf("a"), TaskOf("b")];
        Assert.Equal(["a", "b"], TaskProtocol.Match(tasks, [AnswerTo(tasks[1]), AnswerTo(tasks[0])]).Select(answer => answer.File));
    }

    [Fact]
    public void Match_AnswersThatAreNotThoseAskedFor_AreRefused()
    {
        DecodeTask[] tasks = [TaskOf("a"), TaskOf("b")];
        DecodeAnswer[] right = [AnswerTo(tasks[0]), AnswerTo(tasks[1])];
        Assert.Contains("answered 0 of 2 files", Refusal(), StringComparison.Ordinal);
        Assert.Contains("answered 1 of 2 files", Refusal(right[0]), StringComparison.Ordinal);
        Assert.Contains("answered 2 of 2 files", Refusal(right[0], right[0]), StringComparison.Ordinal);
        Assert.Contains("answered 3 of 2 files", Refusal(right[0], right[1], right[1]), StringComparison.Ordinal);
        Assert.Contains("decodes otherwise", Refusal(right[0], right[1] with { Fingerprint = "other" }), StringComparison.Ordinal);
        Assert.Contains("found 2 records in b", Refusal(right[0], right[1] with { Summary = right[1].Summary with { Records = 2 } }), StringComparison.Ordinal);
        Assert.Contains("answered .staging/x/a.parquet for 2 files", Refusal(right[0], right[1] with { Output = right[0].Output }), StringComparison.Ordinal);
        Assert.Contains("not below .staging/x/", Refusal(right[0], right[1] with { Output = "silver/y.parquet" }), StringComparison.Ordinal);

        string Refusal(params DecodeAnswer[] answers) => Assert.Throws<TaskProtocolException>(() => TaskProtocol.Match(tasks, answers)).Message;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("bash: lakelab-task: command not found")]
    [InlineData("{\"file\":\"a\"}")]
    public void ReadAnswer_SomethingElse_IsRefused(string? line) =>
        Assert.Contains("the program on the workers is another one", Assert.Throws<TaskProtocolException>(() => TaskProtocol.ReadAnswer(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void Commands_OfAnyPath_AreWhatAShellRunsInOneWord()
    {
        Assert.Equal("DOTNET_BUNDLE_EXTRACT_BASE_DIR=\"$PWD\" /opt/lakelab/lakelab-task version", TaskCommand.Version("/opt/lakelab/lakelab-task"));
        Assert.Equal(
            "DOTNET_BUNDLE_EXTRACT_BASE_DIR=\"$PWD\" './it'\\''s/lakelab-task' decode --credentials '/tmp/$(x) y'", TaskCommand.Decode("./it's/lakelab-task", "/tmp/$(x) y"));
    }

    [Fact]
    public void Of_FilesInOrder_AddsUpAndTellsWhetherTheyAscend()
    {
        FileSummary first = new(5, 1, 2, new Dictionary<string, long> { ["x"] = 1 }, InEventTimeOrder: true, 10, 20);
        FileSummary empty = new(1, 1, 0, new Dictionary<string, long>(), InEventTimeOrder: true);
        FileSummary second = new(3, 0, 1, new Dictionary<string, long> { ["x"] = 2, ["y"] = 1 }, InEventTimeOrder: true, 20, 30);
        DecodedTotals totals = DecodedTotals.Of([first, empty, second]);
        Assert.Equal((9, 2, 3, true), (totals.Records, totals.Rejected, totals.UnknownMembers, totals.InEventTimeOrder));
        Assert.Equal([("x", 3L), ("y", 1L)], totals.LeftOut.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        Assert.False(DecodedTotals.Of([second, empty, first]).InEventTimeOrder);
        Assert.False(DecodedTotals.Of([first with { InEventTimeOrder = false }]).InEventTimeOrder);
    }

    private static DecodeTask TaskOf(string text) => new(DecoderFingerprint.Value, "/lake", "transaction", text, 1, [text], QuarantineForeign: true, ".staging/x/");

    private static DecodeAnswer AnswerTo(DecodeTask task) =>
        new(task.File, $".staging/x/{task.File}.parquet", new FileSummary(1, 0, 0, new Dictionary<string, long>(), InEventTimeOrder: true, 1, 1), "0.1.0", task.Fingerprint);
}
