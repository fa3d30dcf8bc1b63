using System.Globalization;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>Names as e-mail addresses have them: small letters from a to z only.</summary>
internal static class AsciiFold
{
    private static readonly Dictionary<char, string> Letters = MakeLetters();

    /// <summary>Writes a name in small Latin letters; a blank, an apostrophe or a hyphen is left out.</summary>
    /// <param name="name">A name in Latin letters of a language of the data files.</param>
    /// <param name="language">The language: German writes ä as ae.</param>
    public static string Of(string name, string language) => string.Concat(name.ToLower(CultureInfo.InvariantCulture).Select(letter =>
        char.IsAsciiLetterLower(letter) ? letter.ToString()
        : language == "de" && letter is 'ä' or 'ö' or 'ü' ? Letters[letter] + "e"
        : Letters.GetValueOrDefault(letter, "")));

    // By hand and not by Unicode's decomposition, so that no version of its tables changes an address.
    private static Dictionary<char, string> MakeLetters()
    {
        (string Latin, string Accented)[] rows =
        [
            ("a", "áàâãäåą"), ("c", "çćč"), ("e", "éèêëę"), ("g", "ğ"), ("i", "íìîïıİ"), ("l", "ł"), ("n", "ñń"),
            ("o", "óòôõöø"), ("s", "şśš"), ("ss", "ß"), ("u", "úùûü"), ("y", "ý"), ("z", "źżž"),
        ];
        return rows.SelectMany(row => row.Accented.Select(letter => (letter, row.Latin))).ToDictionary(pair => pair.letter, pair => pair.Latin);
    }
}
