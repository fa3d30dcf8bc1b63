using System.Text;
using System.Text.Json;

namespace LakehouseLab.Audit.Reports;

/// <summary>Tells how a record differs from what it should be.</summary>
internal static class JsonDifference
{
    private const int LongestText = 60;

    /// <summary>Completes a finding about a record with how it differs; nothing where it does not.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="expected">The record as it should be.</param>
    /// <param name="found">The record as it is.</param>
    public static Finding Describe(Finding finding, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found)
    {
        if (expected.SequenceEqual(found))
        {
            return finding;
        }

        using JsonDocument should = JsonDocument.Parse(expected.ToArray());
        try
        {
            using JsonDocument document = JsonDocument.Parse(found.ToArray());
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return NoObject(finding, found);
            }

            List<ColumnDifference> differences = [.. Differences(should.RootElement, document.RootElement)];
            return differences.Count > 0 ? finding.With(differences) : finding with { Cause = "the same values in other bytes" };
        }
        catch (JsonException)
        {
            return NoObject(finding, found);
        }
    }

    /// <summary>A text of at most 60 characters.</summary>
    public static string Shorten(string text) => text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";

    /// <summary>The beginning of a record that may be no text at all.</summary>
    public static string Shorten(ReadOnlySpan<byte> record) => Shorten(Encoding.UTF8.GetString(record));

    private static Finding NoObject(Finding finding, ReadOnlySpan<byte> found) => finding with { Found = Shorten(found), Cause = "it is not a JSON object" };

    private static IEnumerable<ColumnDifference> Differences(JsonElement expected, JsonElement found)
    {
        foreach (JsonProperty member in expected.EnumerateObject())
        {
            string? actual = found.TryGetProperty(member.Name, out JsonElement value) ? value.GetRawText() : null;
            if (actual != member.Value.GetRawText())
            {
                yield return new ColumnDifference(member.Name, Shorten(member.Value.GetRawText()), actual is null ? null : Shorten(actual));
            }
        }

        foreach (JsonProperty member in found.EnumerateObject().Where(member => !expected.TryGetProperty(member.Name, out _)))
        {
            yield return new ColumnDifference(member.Name, null, Shorten(member.Value.GetRawText()));
        }
    }
}
