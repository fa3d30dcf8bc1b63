using System.Globalization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Shares: <c>0.003</c> or <c>0.3%</c>.</summary>
internal static class Share
{
    /// <summary>Reads a share.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="maximum">The most that is allowed; the least is 0.</param>
    /// <exception cref="InvalidRequestException">It is not a share or out of bounds.</exception>
    public static double Parse(string text, double maximum)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        bool percent = trimmed.EndsWith('%');

        // Through decimal, so that 0.3% is the double nearest to 0.003.
        return decimal.TryParse(percent ? trimmed[..^1] : trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && (percent ? value / 100 : value) is decimal share && share <= (decimal)maximum
            ? (double)share
            : throw new InvalidRequestException(string.Create(CultureInfo.InvariantCulture, $"is not a share from 0 to {maximum}: write it like 0.003 or 0.3%"));
    }
}
