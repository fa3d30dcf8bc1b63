using System.Text;
using System.Text.Json;

namespace LakehouseLab.Audit.Records;

/// <summary>Says in words how a record differs from what it should be.</summary>
internal static class JsonDifference
{
    private const int LongestText = 60;

    /// <summary>Describes the difference of two records.</summary>
    /// <param name="expected">The record as it should be.</param>
    /// <param name="found">The record as it is.</param>
    public static string Describe(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found)
    {
        using JsonDocument should = JsonDocument.Parse(expected.ToArray());
        try
        {
            using JsonDocument document = JsonDocument.Parse(found.ToArray());
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? $"is no JSON object: {Shorten(Encoding.UTF8.GetString(found))}"
                : Describe(should.RootElement, document.RootElement);
        }
        catch (JsonException)
        {
            return $"is no JSON object: {Shorten(Encoding.UTF8.GetString(found))}";
        }
    }

    /// <summary>A text of at most 60 characters.</summary>
    public static string Shorten(string text) => text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";

    private static string Describe(JsonElement expected, JsonElement found)
    {
        List<string> differences = [];
        foreach (JsonProperty member in expected.EnumerateObject())
        {
            string actual = found.TryGetProperty(member.Name, out JsonElement value) ? value.GetRawText() : "nothing";
            if (actual != member.Value.GetRawText())
            {
                differences.Add($"{member.Name}: expected {Shorten(member.Value.GetRawText())}, found {Shorten(actual)}");
            }
        }

        differences.AddRange(found.EnumerateObject()
            .Where(member => !expected.TryGetProperty(member.Name, out _))
            .Select(member => $"{member.Name}: expected nothing, found {Shorten(member.Value.GetRawText())}"));
        return differences.Count > 0 ? string.Join("; ", differences) : "the same values in other bytes";
    }
}
