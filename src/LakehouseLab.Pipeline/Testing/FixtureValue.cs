using System.Globalization;
using System.Text.RegularExpressions;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>Values of tests: one text for each value of a type, however it was written.</summary>
internal static partial class FixtureValue
{
    /// <summary>The one text of a value.</summary>
    /// <param name="type">The type in Delta's words, such as <c>decimal(15,4)</c>.</param>
    /// <param name="text">The value as it was written or read.</param>
    /// <returns>The text; null when it is not a value of the type.</returns>
    public static string? TryNormalize(string type, string text) => type switch
    {
        "string" => text,
        "long" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        "integer" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        "boolean" => bool.TryParse(text, out bool flag) ? (flag ? "true" : "false") : null,
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        "timestamp" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
            : null,
        "binary" => Convert.TryFromBase64String(text, new byte[text.Length], out _) ? text : null,
        _ => DecimalType().Match(type) is { Success: true } match
            ? Decimal(text, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null,
    };

    /// <summary>How a value of a type is written, for messages.</summary>
    public static string FormOf(string type) => type switch
    {
        "long" or "integer" => "a whole number, such as 42",
        "boolean" => "true or false",
        "date" => "a day, such as 2026-01-31",
        "timestamp" => "an instant in UTC, such as 2026-01-31T12:30:00Z",
        "binary" => "bytes in base64",
        _ => $"a number of the type {type}, such as 12.5",
    };

    // Digits without leading and trailing zeros; more of them than the type has are no value of it.
    private static string? Decimal(string text, int precision, int scale)
    {
        Match match = DecimalText().Match(text);
        if (!match.Success)
        {
            return null;
        }

        string whole = match.Groups["whole"].Value.TrimStart('0');
        string fraction = match.Groups["fraction"].Value.TrimEnd('0');
        if (whole.Length > precision - scale || fraction.Length > scale)
        {
            return null;
        }

        string digits = $"{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : "." + fraction)}";
        return match.Groups["sign"].Value == "-" && digits != "0" ? "-" + digits : digits;
    }

    [GeneratedRegex(@"^decimal\((\d+),(\d+)\)$")]
    private static partial Regex DecimalType();

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<whole>\d+)(\.(?<fraction>\d*))?$")]
    private static partial Regex DecimalText();
}
