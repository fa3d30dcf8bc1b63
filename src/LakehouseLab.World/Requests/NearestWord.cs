namespace LakehouseLab.World.Requests;

/// <summary>Finds the word that somebody meant who mistyped it, wrote its plural or other hyphens.</summary>
public static class NearestWord
{
    /// <summary>The nearest word.</summary>
    /// <returns>The word, or null when none is near.</returns>
    public static string? Find(string written, IEnumerable<string> words)
    {
        string wanted = Normalise(written);
        string? nearest = words.MinBy(word => Distance(wanted, Normalise(word)));
        return nearest is not null && Distance(wanted, Normalise(nearest)) <= Math.Max(1, Normalise(nearest).Length / 3) ? nearest : null;
    }

    /// <summary>The end of a message: <c>; did you mean X?</c>, or nothing.</summary>
    public static string Ask(string written, IEnumerable<string> words) =>
        Find(written, words) is { } word ? $"; did you mean {word}?" : string.Empty;

    private static string Normalise(string word)
    {
        string plain = word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        return plain.Length > 3 && plain.EndsWith('s') ? plain[..^1] : plain;
    }

    // Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count one each.
    private static int Distance(string left, string right)
    {
        int[,] cost = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                        cost[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[left.Length, right.Length];
    }
}
