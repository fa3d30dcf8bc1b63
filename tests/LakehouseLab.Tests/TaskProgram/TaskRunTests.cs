using System.Text;
using LakehouseLab.Decoding.Tasks;
using LakehouseLab.TaskProgram;
using LakehouseLab.Tests.Decoding;

namespace LakehouseLab.Tests.TaskProgram;

public sealed class TaskRunTests
{
    private static readonly byte[] s_record = Encoding.UTF8.GetBytes(ParsedRecord.Of(ParsedRecord.Members));

    [Theory]
    [InlineData("fingerprint", "and the pipeline is a lakelab that decodes otherwise (other)")]
    [InlineData("records", "has 1 records, and the table's log says 2: restore the file from a copy")]
    [InlineData("file", "is not there for worker")]
    [InlineData("domain", "'other' is not a domain: ")]
    [InlineData("lake", "'lake' is not a lake that a worker can find: give an absolute folder")]
    [InlineData("outside", "does not name a place within the lake")]
    [InlineData("staging", "does not name a place within the lake")]
    [InlineData("damaged", "cannot decode")]
    public async Task Decode_TaskThatCannotBeDone_FailsWithOneSentenceAndWithoutAFile(string fault, string sentence)
    {
        using TaskLake lake = new();
        DecodeTask task = lake.Add("a", s_record);
        if (fault == "damaged")
        {
            await File.WriteAllTextAsync(lake.PathOf(task.File), "PAR1 but no more", TestContext.Current.CancellationToken);
        }

        string line = TaskProtocol.Write(fault switch
        {
            "fingerprint" => task with { Fingerprint = "other" },
            "records" => task with { Records = 2 },
            "file" => task with { File = "bronze/transactions/other.parquet" },
            "domain" => task with { Domain = "other" },
            "lake" => task with { Lake = "lake" },
            "outside" => task with { File = "../../etc/passwd" },
            "staging" => task with { Staging = "silver/transactions/" },
            _ => task,
        });
        (int code, string output, string words) = await RunAsync(line, "decode");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("lakelab-task: ", words, StringComparison.Ordinal);
        Assert.Contains(sentence, words, StringComparison.Ordinal);
        Assert.Equal(1, words.Count(symbol => symbol == '\n'));
        Assert.Empty(lake.DecodedFiles());
    }

    [Fact]
    public async Task Decode_LineThatWasCut_FailsAfterTheAnswersBeforeIt()
    {
        using TaskLake lake = new();
        string line = TaskProtocol.Write(lake.Add("a", s_record));
        (int code, string output, string words) = await RunAsync($"{line}\n{line[..^5]}", "decode");
        Assert.Equal(1, code);
        Assert.Equal(1, TaskProtocol.ReadAnswer(output).Summary.Records);
        Assert.Contains("is not a task of lakelab-task", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_NoTasks_AnswersNothing() => Assert.Equal((0, "", ""), await RunAsync("", "decode"));

    [Fact]
    public async Task Decode_MessageOfAnyLength_IsCutToWhatAnEngineShows()
    {
        using TaskLake lake = new();
        (int code, _, string words) = await RunAsync(TaskProtocol.Write(lake.Add("a", s_record) with { Domain = new string('x', 10_000) }), "decode");
        Assert.Equal(1, code);
        Assert.InRange(words.Length, 1_000, 1_100);
    }

    [Theory]
    [InlineData]
    [InlineData("encode")]
    [InlineData("decode", "--credentials")]
    [InlineData("decode", "more")]
    public async Task Run_WrongCommand_IsRefused(params string[] arguments)
    {
        (int code, string output, string words) = await RunAsync("", arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("is not a command", words, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Words)> RunAsync(string input, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter words = new() { NewLine = "\n" };
        int code = await new TaskRun(new StringReader(input), output, words).RunAsync(arguments, TestContext.Current.CancellationToken);
        return (code, output.ToString(), words.ToString());
    }
}
