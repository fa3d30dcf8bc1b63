namespace LakehouseLab.Server.Problems;

/// <summary>Shows in a message what somebody sent: its beginning, without what would break a line.</summary>
internal static class Excerpt
{
    private const int Length = 60;

    /// <summary>The beginning of a text.</summary>
    public static string Of(string text, int length = Length)
    {
        // Not in the middle of a surrogate pair.
        int end = text.Length <= length ? text.Length : char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        string start = string.Create(end, text, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
        return end < text.Length ? start + "…" : start;
    }
}
