using LakehouseLab.Audit;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Values;

/// <summary>Lists of a lake's layers.</summary>
internal static class LayerNames
{
    private static readonly string[] s_names = [.. Enum.GetValues<AuditLayer>().Select(NameOf)];

    /// <summary>What help shows for a list.</summary>
    public static string Choices => string.Join(',', s_names);

    /// <summary>A layer as users write it.</summary>
    public static string NameOf(AuditLayer layer) => layer.ToString().ToLowerInvariant();

    /// <summary>Reads a list such as <c>raw,silver</c>.</summary>
    /// <exception cref="InvalidRequestException">One of them is no layer.</exception>
    public static IReadOnlyCollection<AuditLayer> Parse(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne).Distinct()];

    private static AuditLayer ParseOne(string text)
    {
        try
        {
            return (AuditLayer)Array.IndexOf(s_names, Choice.Parse(text, s_names));
        }
        catch (InvalidRequestException refusal)
        {
            throw new InvalidRequestException($"has '{text}', which {refusal.Message}", refusal);
        }
    }
}
