using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Tests.Decoding;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>Raw files as no writer of ours makes them: the good records go on, the bad ones are kept as they were, with a reason.</summary>
public sealed class BadInputTests
{
    private const string NotJson = "not one JSON object";

    // What a line looks like, and why it is refused; null for a record that is only peculiar.
    private static readonly (string Line, string? Reason)[] s_lines =
    [
        ("garbage", NotJson),
        (Good(1)[..40], NotJson),
        (Good(2).Replace("12.50", "\"12.50\"", StringComparison.Ordinal), "amount: text instead of a number"),
        (Good(3)[..^1] + ",}", NotJson),
        (Good(4) + "garbage", NotJson),
        (Good(5) + Good(5), NotJson),
        (Good(6)[..^1] + ",\"amount\":1}", "amount: occurs twice"),
        (Good(7).Replace('"', '\''), NotJson),
        (Good(8).Replace("12.50", "NaN", StringComparison.Ordinal), NotJson),
        (Good(9).Replace("12.50", new string('9', 40), StringComparison.Ordinal), "amount: more than 15 digits"),
        (Good(10).Replace("12.50", "12.34567", StringComparison.Ordinal), "amount: more than 4 decimals"),
        (Good(11).Replace("23:59:59.123Z", "23:59:59.123+14:00", StringComparison.Ordinal), null),
        (Good(12).Replace("Wien", "\\ud800", StringComparison.Ordinal), "location: a surrogate without its other half"),
        (Good(13).Replace("Wien", "\0", StringComparison.Ordinal), NotJson),
        (Good(14).Replace("Wien", "\\u0000", StringComparison.Ordinal), "location: a NUL character"),
        (Good(15).Replace("Wien", "\r", StringComparison.Ordinal), NotJson),
        (Good(16) + "\r", null),
        ("\r", null),
        ("", null),
        ("\u00ef\u00bb\u00bf" + Good(17), NotJson),
        (Good(18).Replace("Wien", "\u00ff", StringComparison.Ordinal), "not UTF-8"),
        (Good(19).Replace("Wien", new string('x', 1_000_000), StringComparison.Ordinal), null),
        (Good(20).Replace("Wien", "\u00c3\u00a9", StringComparison.Ordinal), null),
    ];

    [Fact]
    public async Task RunAsync_BadRecords_AreQuarantinedAsTheyWereAndTheRestIsTaken()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);

        // Latin-1 makes each character the byte of its number; the last line ends without a line feed.
        await lake.Store.PutAsync("raw/transaction/bad.json", Encoding.Latin1.GetBytes(string.Join('\n', s_lines.Select(line => line.Line))), TestContext.Current.CancellationToken);
        await lake.Store.PutAsync("raw/transaction/empty.json", ReadOnlyMemory<byte>.Empty, TestContext.Current.CancellationToken);
        PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest { Threads = 2 }, TimeProvider.System, null, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(report.Models, model => model.State is ModelState.Failed or ModelState.Skipped);

        IEnumerable<string> refused = s_lines.Index().Where(line => line.Item.Reason is not null)
            .Select(line => $"{line.Index} | {line.Item.Reason} | {Convert.ToHexString(Encoding.Latin1.GetBytes(line.Item.Line))} | {(line.Item.Reason == "not UTF-8" ? "bytes" : "text")} | json");
        Assert.Equal(refused, await LakeQueries.QueryAsync(
            lake, folder.Path, "SELECT _offset, reason, hex(coalesce(payload_bytes, encode(payload))), if(payload IS NULL, 'bytes', 'text'), _format FROM silver.quarantine ORDER BY _offset"));
        Assert.Equal(
            ["11 | 2026-01-31 09:59:59.123+00 | Wien, AT", "16 | 2026-01-31 23:59:59.123+00 | Wien, AT", $"21 | 2026-01-31 23:59:59.123+00 | {new string('x', 1_000_000)}, AT", "22 | 2026-01-31 23:59:59.123+00 | \u00e9, AT"],
            await LakeQueries.QueryAsync(lake, folder.Path, "SELECT _offset, timestamp, location FROM silver.transactions ORDER BY _offset"));
    }

    private static string Good(int number) => ParsedRecord.Of(ParsedRecord.Members
            .Select(member => member.Name == "merchant" ? ("merchant", "\"Oak\"") : member))
        .Replace("01234567", number.ToString("x8", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
