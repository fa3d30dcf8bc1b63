using System.Text;

namespace LakehouseLab.World.Batches;

/// <summary>Interned UTF-8 texts by number. Adding is not thread-safe; reading is, of entries added before.</summary>
public sealed class Utf8Dictionary
{
    private byte[][] _entries = new byte[16][];

    /// <summary>A dictionary of texts, numbered in their order.</summary>
    public static Utf8Dictionary Of(IEnumerable<string> texts)
    {
        Utf8Dictionary dictionary = new();
        foreach (string text in texts)
        {
            dictionary.Add(text);
        }

        return dictionary;
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>The text of an entry.</summary>
    public ReadOnlySpan<byte> Get(int index) => _entries[index];

    /// <summary>Adds a text.</summary>
    /// <returns>Its number: 0 for the first, and so on.</returns>
    public int Add(string text)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count] = Encoding.UTF8.GetBytes(text);
        return Count++;
    }
}
