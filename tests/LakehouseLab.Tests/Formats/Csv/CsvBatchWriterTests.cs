using CsCheck;
using LakehouseLab.Formats.Csv;

namespace LakehouseLab.Tests.Formats.Csv;

public sealed class CsvBatchWriterTests
{
    [Fact]
    public void Write_AnyValues_ParseBackEqual() =>
        AnyRows.AnyRow.Array[AnyRows.Rows].Sample(rows =>
        {
            List<List<string?>> records = Parse(Encode(rows, [AnyRows.Rows]));
            Assert.Equal(AnyRows.Rows, records.Count);
            foreach ((AnyRows.Row row, List<string?> record) in rows.Zip(records))
            {
                Dictionary<string, string> expected = row.Expected().ToDictionary(member => member.Item1, member => member.Item2);
                Assert.Equal(AnyRows.Schema.Fields.Select(field => expected.GetValueOrDefault(field.Name)), record);
            }
        });

    [Fact]
    public void Write_InAnyParts_SameBytes() =>
        Gen.Select(AnyRows.AnyRow.Array[AnyRows.Rows], Gen.Int[1, 4].Array[AnyRows.Rows]).Sample((rows, parts) => Assert.Equal(Encode(rows, [AnyRows.Rows]), Encode(rows, parts)));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(" spaces ", " spaces ")]
    [InlineData("", "\"\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"a\"", "\"say \"\"a\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("\r", "\"\r\"")]
    public void WriteText_OfAText_IsQuotedOnlyWhereItMustBe(string text, string written)
    {
        byte[] buffer = new byte[64];
        int length = CsvSyntax.Instance.WriteText(System.Text.Encoding.UTF8.GetBytes(text), buffer);
        Assert.Equal(written, System.Text.Encoding.UTF8.GetString(buffer, 0, length));
    }

    private static string Encode(AnyRows.Row[] rows, int[] parts) => AnyRows.Encode(new CsvBatchWriter(AnyRows.ToBatch(rows), labels: true), parts);

    // As RFC 4180 says, by its grammar and nothing else. What is not there at all is null.
    private static List<List<string?>> Parse(string text)
    {
        List<List<string?>> records = [[]];
        for (int at = 0; at < text.Length;)
        {
            string? value = null;
            if (text[at] == '"')
            {
                int end = at + 1;
                while (text[end] != '"' || (end + 1 < text.Length && text[end + 1] == '"'))
                {
                    end += text[end] == '"' ? 2 : 1;
                }

                value = text[(at + 1)..end].Replace("\"\"", "\"");
                at = end + 1;
            }
            else
            {
                int end = text.IndexOfAny([',', '\n'], at);
                value = end == at ? null : text[at..end];
                at = end;
            }

            records[^1].Add(value);
            if (text[at++] == '\n' && at < text.Length)
            {
                records.Add([]);
            }
        }

        return records;
    }
}
