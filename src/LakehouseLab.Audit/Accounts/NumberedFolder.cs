using System.Globalization;

namespace LakehouseLab.Audit.Accounts;

/// <summary>
/// The documents of a folder whose entries are numbered: <c>7.json</c>, condensed ones as <c>0-15.json</c>, and what is said of
/// an entry later as <c>7-end.json</c>. Unlike who writes them, it takes whatever is there, and tells what is missing. Immutable.
/// </summary>
internal sealed class NumberedFolder
{
    private const string Json = ".json";

    /// <summary>Sorts keys by their names.</summary>
    /// <param name="prefix">The folder, with a slash at its end.</param>
    /// <param name="keys">The keys of its documents, in any order.</param>
    public NumberedFolder(string prefix, IEnumerable<string> keys)
    {
        Prefix = prefix;
        List<NumberedDocument> found = [];
        Dictionary<int, string> supplements = [];
        foreach (string key in keys.Where(key => key.EndsWith(Json, StringComparison.Ordinal)))
        {
            string[] parts = key[prefix.Length..^Json.Length].Split('-');
            if (!TryNumber(parts[0], out int first))
            {
                continue;
            }

            if (parts.Length == 1)
            {
                found.Add(new NumberedDocument(key, first, 1));
            }
            else if (parts.Length == 2 && TryNumber(parts[1], out int last) && last > first)
            {
                found.Add(new NumberedDocument(key, first, last - first + 1));
            }
            else if (parts.Length == 2)
            {
                supplements[first] = key;
            }
        }

        (Documents, Missing) = Follow(found);
        Supplements = supplements;
    }

    /// <summary>The folder.</summary>
    public string Prefix { get; }

    /// <summary>The documents in order, each number once: what a killed condensation left is within another.</summary>
    public IReadOnlyList<NumberedDocument> Documents { get; }

    /// <summary>What is said of entries later, by their numbers.</summary>
    public IReadOnlyDictionary<int, string> Supplements { get; }

    /// <summary>Numbers that are missing though later ones are there, as first and last.</summary>
    public IReadOnlyList<(int First, int Last)> Missing { get; }

    /// <summary>Supplements of entries that are not there yet.</summary>
    public IEnumerable<string> Strays => Supplements.Where(supplement => supplement.Key >= End).Select(supplement => supplement.Value);

    /// <summary>The number after the last.</summary>
    public int End => Documents.Count == 0 ? 0 : Documents[^1].End;

    private static (List<NumberedDocument> Documents, List<(int First, int Last)> Missing) Follow(List<NumberedDocument> found)
    {
        List<NumberedDocument> documents = [];
        List<(int First, int Last)> missing = [];
        int next = 0;
        foreach (NumberedDocument document in found.OrderBy(document => document.First).ThenByDescending(document => document.Count).Where(document => document.Count > 0))
        {
            if (document.First < next)
            {
                continue;
            }

            if (document.First > next)
            {
                missing.Add((next, document.First - 1));
            }

            documents.Add(document);
            next = document.End;
        }

        return (documents, missing);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < int.MaxValue;
}
