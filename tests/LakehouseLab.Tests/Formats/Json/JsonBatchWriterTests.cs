using System.Text.Json;
using CsCheck;
using LakehouseLab.Formats.Json;

namespace LakehouseLab.Tests.Formats.Json;

public sealed class JsonBatchWriterTests
{
    [Fact]
    public void Write_AnyValues_ParseBackEqual() =>
        AnyRows.AnyRow.Array[AnyRows.Rows].Sample(rows =>
        {
            string[] lines = Encode(rows, [AnyRows.Rows]).TrimEnd('\n').Split('\n');
            Assert.Equal(AnyRows.Rows, lines.Length);
            foreach ((AnyRows.Row row, string line) in rows.Zip(lines))
            {
                using JsonDocument document = JsonDocument.Parse(line);
                Assert.Equal(row.Expected(), document.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText())));
            }
        });

    [Fact]
    public void Write_InAnyParts_SameBytes() =>
        Gen.Select(AnyRows.AnyRow.Array[AnyRows.Rows], Gen.Int[1, 4].Array[AnyRows.Rows]).Sample((rows, parts) => Assert.Equal(Encode(rows, [AnyRows.Rows]), Encode(rows, parts)));

    private static string Encode(AnyRows.Row[] rows, int[] parts) => AnyRows.Encode(new JsonBatchWriter(AnyRows.ToBatch(rows), labels: true), parts);
}
