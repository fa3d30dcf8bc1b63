using System.Globalization;

namespace LakehouseLab.Emulation.Lakes.Ledgers;

/// <summary>The documents of a ledger, as their names tell. Immutable.</summary>
internal sealed class LedgerListing
{
    private const string Json = ".json";

    private readonly List<LedgerBlock> _documents = [];
    private readonly List<LedgerBlock> _leftovers = [];
    private readonly SortedSet<int> _supplements = [];

    /// <summary>Sorts documents by their names; what has another name is none of the ledger's.</summary>
    /// <param name="names">The names, in any order.</param>
    /// <param name="digits">Digits of a number, at least.</param>
    /// <param name="suffix">What the name of a supplement has after its number; null when there are none.</param>
    public LedgerListing(IEnumerable<string> names, int digits, string? suffix)
    {
        List<LedgerBlock> found = [];
        foreach (string name in names)
        {
            if (suffix is not null && name.EndsWith(suffix + Json, StringComparison.Ordinal) && Number(name[..^(suffix.Length + Json.Length)], digits) is { } supplement)
            {
                _supplements.Add(supplement);
            }
            else if (ParseBlock(name, digits) is { } block)
            {
                found.Add(block);
            }
        }

        // What a killed condensation left is within the block that it became.
        foreach (LedgerBlock block in found.OrderBy(block => block.First).ThenByDescending(block => block.Count))
        {
            if (block.First < Count)
            {
                _leftovers.Add(block);
            }
            else if (block.First == Count)
            {
                _documents.Add(block);
                Count = block.End;
            }
            else
            {
                Missing = Count;
                break;
            }
        }
    }

    /// <summary>How many entries there are before the first that is missing.</summary>
    public int Count { get; }

    /// <summary>The first number that is missing though later ones are there; null when none is.</summary>
    public int? Missing { get; }

    /// <summary>The documents that hold the entries, in order, each number once.</summary>
    public IReadOnlyList<LedgerBlock> Documents => _documents;

    /// <summary>Documents within others: sources of a condensation that were not deleted.</summary>
    public IReadOnlyList<LedgerBlock> Leftovers => _leftovers;

    /// <summary>Whether there is something to condense.</summary>
    /// <param name="end">The number after the last that may be.</param>
    public bool CanCondense(int end) => _leftovers.Count > 0 || LedgerBlock.Cover(end).Any(block => block.Count > 1 && !_documents.Contains(block));

    /// <summary>The numbers of a block that have a supplement.</summary>
    public IEnumerable<int> SupplementsOf(LedgerBlock block) => _supplements.GetViewBetween(block.First, block.End - 1);

    /// <summary>Name of a document.</summary>
    public static string NameOf(LedgerBlock block, int digits) =>
        block.Count == 1 ? Text(block.First, digits) + Json : $"{Text(block.First, digits)}-{Text(block.End - 1, digits)}{Json}";

    /// <summary>Name of the document that supplements an entry.</summary>
    public static string SupplementOf(int number, int digits, string suffix) => Text(number, digits) + suffix + Json;

    private static LedgerBlock? ParseBlock(string name, int digits)
    {
        if (!name.EndsWith(Json, StringComparison.Ordinal))
        {
            return null;
        }

        string[] numbers = name[..^Json.Length].Split('-');
        return numbers.Length switch
        {
            1 when Number(numbers[0], digits) is { } number => LedgerBlock.Of(number, number),
            2 when Number(numbers[0], digits) is { } first && Number(numbers[1], digits) is { } last && last > first => LedgerBlock.Of(first, last),
            _ => null,
        };
    }

    private static int? Number(string text, int digits) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && Text(number, digits) == text ? number : null;

    private static string Text(int number, int digits) => number.ToString($"D{digits}", CultureInfo.InvariantCulture);
}
