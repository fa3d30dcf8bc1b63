using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Names of domains.</summary>
internal static class DomainName
{
    /// <summary>The word for all domains.</summary>
    public const string All = "all";

    /// <summary>What help shows for one.</summary>
    public static string Choices => string.Join('|', Words);

    /// <summary>The names.</summary>
    public static IEnumerable<string> Words => Domain.All.Select(static domain => domain.Name);

    /// <summary>The names, and the word for all domains.</summary>
    public static IEnumerable<string> WordsAndAll => [.. Words, All];

    /// <summary>Reads a domain.</summary>
    /// <exception cref="InvalidRequestException">There is none of that name; the message names the right word.</exception>
    public static Domain Parse(string text) => Domain.Find(text) ?? throw Refusal(text, [.. Words]);

    /// <summary>Reads a domain, or <c>all</c>.</summary>
    /// <exception cref="InvalidRequestException">There is none of that name; the message names the right word.</exception>
    public static IReadOnlyList<Domain> ParseOrAll(string text) =>
        text == All ? Domain.All
        : Domain.Find(text) is { } domain ? [domain]
        : throw Refusal(text, [.. WordsAndAll]);

    private static InvalidRequestException Refusal(string text, string[] names) =>
        new($"'{text}' is not a domain: allowed are {string.Join(", ", names)}{NearestWord.Ask(text, names)}");
}
