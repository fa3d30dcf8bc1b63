using LakehouseLab.Cli.Parsing;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Cli.Values;

/// <summary>Names of domains.</summary>
internal static class DomainName
{
    /// <summary>The word for all domains.</summary>
    public const string All = "all";

    /// <summary>What help shows for one.</summary>
    public static string Choices => string.Join('|', DomainSchemas.All.Select(schema => schema.Domain));

    /// <summary>Reads a domain.</summary>
    /// <exception cref="InvalidRequestException">There is none of that name; the message names the right word.</exception>
    public static DomainSchema Parse(string text) => DomainSchemas.Find(text) ?? throw Refusal(text, []);

    /// <summary>Reads a domain, or <c>all</c>.</summary>
    /// <exception cref="InvalidRequestException">There is none of that name; the message names the right word.</exception>
    public static IReadOnlyList<DomainSchema> ParseOrAll(string text) =>
        text == All ? DomainSchemas.All
        : DomainSchemas.Find(text) is { } schema ? [schema]
        : throw Refusal(text, [All]);

    private static InvalidRequestException Refusal(string text, IEnumerable<string> more)
    {
        string[] names = [.. DomainSchemas.All.Select(schema => schema.Domain), .. more];
        return new InvalidRequestException($"'{text}' is no domain: allowed are {string.Join(", ", names)}{NearestWord.Ask(text, names)}");
    }
}
