using Apache.Arrow;
using CsCheck;
using Google.Protobuf;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.Tests.SparkConnect;

/// <summary>Rows are put together from batches and their chunks.</summary>
public sealed class ArrowAnswersTests
{
    [Fact]
    public void Take_ABatchInChunksOfAnySize_IsThatBatch() => Gen.Int[1, 400].Sample(
        size =>
        {
            ArrowAnswers answers = new();
            byte[][] pieces = [.. FakeRows.Arrow(0, 20).Chunk(size)];
            IReadOnlyList<RecordBatch> batches = [];
            for (int piece = 0; piece < pieces.Length; piece++)
            {
                Assert.Empty(batches);
                batches = answers.Take(Chunk(pieces[piece], piece, pieces.Length));
            }

            Assert.Equal(Enumerable.Range(0, 20).Select(static id => (long?)id), (Int64Array)Assert.Single(batches).Column(0));
        },
        iter: 50);

    [Fact]
    public void Take_AChunkMissing_IsAnError()
    {
        ArrowAnswers answers = new();
        answers.Take(Chunk([1], 0, 3));
        SparkProtocolException exception = Assert.Throws<SparkProtocolException>(() => answers.Take(Chunk([3], 2, 3)));
        Assert.Contains("chunk 2 of a batch where chunk 1 was due", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_OtherRowsThanSaid_IsAnError()
    {
        ExecutePlanResponse.Types.ArrowBatch batch = FakeRows.Rows(0, 3).ArrowBatch;
        batch.RowCount = 4;
        Assert.Contains("sent 3 rows and said 4", Assert.Throws<SparkProtocolException>(() => new ArrowAnswers().Take(batch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("FFFFFFFF10000000")]
    [InlineData("FFFFFFFFFFFFFFFF")]
    [InlineData("4E6F204172726F77")]
    public void Read_NoArrow_IsAnError(string hex) => Assert.Throws<SparkProtocolException>(() => new ArrowAnswers().Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", "decode(X'69742773', 'UTF-8')")]
    [InlineData("a\\b", "decode(X'615C62', 'UTF-8')")]
    public void Literal_AnyText_HoldsUnderEverySetting(string value, string expected) => Assert.Equal(expected, SparkText.Literal(value));

    [Fact]
    public void Identifier_Backquotes_AreDoubled() => Assert.Equal("`a``b`", SparkText.Identifier("a`b"));

    private static ExecutePlanResponse.Types.ArrowBatch Chunk(byte[] data, int index, int chunks) => new() { RowCount = 20, StartOffset = 0, ChunkIndex = index, NumChunksInBatch = chunks, Data = ByteString.CopyFrom(data) };
}
