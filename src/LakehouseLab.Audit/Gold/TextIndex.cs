using LakehouseLab.Audit.Values;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Audit.Gold;

/// <summary>Equal texts of a dictionary as one: tables group by text, a dictionary may have it twice. Not thread-safe.</summary>
internal sealed class TextIndex(Utf8Dictionary dictionary)
{
    private readonly Dictionary<string, int> _firsts = new(StringComparer.Ordinal);
    private int[] _canonical = [];
    private ulong[] _codes = [];
    private string[] _texts = [];

    /// <summary>How many numbers there are.</summary>
    public int Count => dictionary.Count;

    /// <summary>The least number of the same text.</summary>
    public int Canonical(int index)
    {
        if (index >= _canonical.Length)
        {
            Extend();
        }

        return _canonical[index];
    }

    /// <summary>A text.</summary>
    public string TextOf(int index)
    {
        int canonical = Canonical(index);
        return _texts[canonical];
    }

    /// <summary>A text as a cell.</summary>
    public Cell CellOf(int index)
    {
        int canonical = Canonical(index);
        return Cell.OfText(canonical, _codes[canonical]);
    }

    private void Extend()
    {
        int known = _canonical.Length;
        Array.Resize(ref _canonical, dictionary.Count);
        Array.Resize(ref _codes, dictionary.Count);
        Array.Resize(ref _texts, dictionary.Count);
        for (int index = known; index < dictionary.Count; index++)
        {
            _texts[index] = System.Text.Encoding.UTF8.GetString(dictionary.Get(index));
            _firsts.TryAdd(_texts[index], index);
            _canonical[index] = _firsts[_texts[index]];
            _codes[index] = ValueHash.Of(dictionary.Get(index));
        }
    }
}
