using LakehouseLab.Cli.Parsing;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Values;

/// <summary>One of a few words.</summary>
internal static class Choice
{
    /// <summary>Reads a word.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="words">The words that are allowed.</param>
    /// <exception cref="InvalidRequestException">It is none of them.</exception>
    public static string Parse(string text, IReadOnlyCollection<string> words) =>
        words.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new InvalidRequestException($"is none of {string.Join(", ", words)}{NearestWord.Ask(text, words)}");
}
