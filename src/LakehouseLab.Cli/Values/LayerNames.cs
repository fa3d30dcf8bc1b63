using LakehouseLab.Audit.Reports;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Lists of a lake's layers.</summary>
internal static class LayerNames
{
    private static readonly Choices<AuditLayer> s_choices = new([.. Enum.GetNames<AuditLayer>().Select(static name => name.ToLowerInvariant())], static index => (AuditLayer)index);

    /// <summary>The layers as users write them.</summary>
    public static IReadOnlyList<string> All => s_choices.Words;

    /// <summary>A layer as users write it.</summary>
    public static string NameOf(AuditLayer layer) => layer.ToString().ToLowerInvariant();

    /// <summary>Reads a list such as <c>raw,silver</c>.</summary>
    /// <exception cref="InvalidRequestException">One of them is not a layer.</exception>
    public static IReadOnlyCollection<AuditLayer> Parse(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne).Distinct()];

    private static AuditLayer ParseOne(string text)
    {
        try
        {
            return s_choices.Parse(text);
        }
        catch (InvalidRequestException refusal)
        {
            throw new InvalidRequestException($"has '{text}', which {refusal.Message}", refusal);
        }
    }
}
