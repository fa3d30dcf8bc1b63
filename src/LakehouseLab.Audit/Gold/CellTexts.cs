using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Gold;

/// <summary>Texts of columns by number: dictionaries of the world, or texts of the row at hand.</summary>
internal sealed class CellTexts : ICellTexts
{
    private readonly Dictionary<string, TextIndex> _dictionaries = [];
    private readonly List<string> _texts = [];

    /// <summary>Says which dictionary a column's texts are of.</summary>
    public void Use(string column, TextIndex dictionary) => _dictionaries[column] = dictionary;

    /// <summary>A text of the row at hand as a cell.</summary>
    public Cell CellOf(string text)
    {
        _texts.Add(text);
        return Cell.OfText(_texts.Count - 1, ValueHash.Of(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Forgets the texts of the row at hand.</summary>
    public void Clear() => _texts.Clear();

    /// <inheritdoc/>
    public string TextOf(string column, int index) => _dictionaries.TryGetValue(column, out TextIndex? dictionary) ? dictionary.TextOf(index) : _texts[index];
}
