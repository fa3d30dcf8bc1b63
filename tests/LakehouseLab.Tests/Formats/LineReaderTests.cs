using CsCheck;
using LakehouseLab.Formats.Lines;

namespace LakehouseLab.Tests.Formats;

public sealed class LineReaderTests
{
    // Bytes that a lenient reader would treat in some way of its own, line feeds often.
    private static readonly byte[] s_peculiar = [(byte)'\n', (byte)'\r', (byte)' ', 0, 0xEF, 0xBB, 0xBF, (byte)'"'];
    private static readonly Gen<byte> s_byte = Gen.OneOf(Gen.Int[0, s_peculiar.Length - 1].Select(index => s_peculiar[index]), Gen.Byte);

    [Fact]
    public void TryRead_AnyBytesInAnyPieces_SplitsAtLineFeedsAlone() =>
        Gen.Select(s_byte.Array[0, 300], Gen.Int[1, 70].Array[1, 20]).Sample((bytes, pieces) =>
        {
            List<(long, string)> expected = [];
            int start = 0;
            for (int line = 0; start < bytes.Length; line++)
            {
                int end = Array.IndexOf(bytes, (byte)'\n', start);
                end = end < 0 ? bytes.Length : end;
                expected.Add((line, Convert.ToHexString(bytes[start..end])));
                start = end + 1;
            }

            Assert.Equal(expected, ReadAll(new PiecewiseStream(bytes, pieces)));
        });

    [Theory]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(5_000_000)]
    public void TryRead_LinesAroundABlock_AreWhole(int length)
    {
        byte[] line = [.. Enumerable.Range(0, length).Select(index => (byte)('a' + (index % 23)))];
        byte[] bytes = [(byte)'x', (byte)'\n', .. line, (byte)'\n', .. line, (byte)'\n', (byte)'y'];
        Assert.Equal(
            [(0, "78"), (1, Convert.ToHexString(line)), (2, Convert.ToHexString(line)), (3, "79")],
            ReadAll(new PiecewiseStream(bytes, [bytes.Length])));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" \t\r", true)]
    [InlineData("\0", false)]
    [InlineData("\f", false)]
    [InlineData("\u00a0", false)]
    [InlineData("\ufeff", false)]
    [InlineData(" {", false)]
    public void IsBlank_OfALine_IsJsonsWhitespaceAlone(string line, bool blank) =>
        Assert.Equal(blank, LineReader.IsBlank(System.Text.Encoding.UTF8.GetBytes(line)));

    private static List<(long Line, string Hex)> ReadAll(Stream stream)
    {
        using LineReader lines = new(stream, "test");
        List<(long, string)> read = [];
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            read.Add((lines.Line, Convert.ToHexString(line)));
        }

        return read;
    }

    /// <summary>Gives its bytes in pieces of given sizes, over and over.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int[] pieces) : MemoryStream(bytes)
    {
        private int _piece;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, pieces[_piece++ % pieces.Length])]);
    }
}
