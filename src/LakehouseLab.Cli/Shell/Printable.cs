using System.Globalization;
using System.Text;

namespace LakehouseLab.Cli.Shell;

/// <summary>
/// Makes texts from data safe to show: a terminal obeys control characters, so those are shown as <c>\u001b</c>, as are the
/// ones that change the direction of what follows.
/// </summary>
internal static class Printable
{
    /// <summary>A text of several lines; their ends and tabs stay.</summary>
    public static string Of(string text) => Escape(text, keepsLines: true);

    /// <summary>A text within a line, such as a cell of a table.</summary>
    public static string OnOneLine(string text) => Escape(text, keepsLines: false);

    private static string Escape(string text, bool keepsLines)
    {
        int first = 0;
        while (first < text.Length && IsShown(text, first, keepsLines))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        StringBuilder escaped = new(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length; i++)
        {
            _ = IsShown(text, i, keepsLines) ? escaped.Append(text[i]) : text[i] switch
            {
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                _ => escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)text[i]:x4}"),
            };
        }

        return escaped.ToString();
    }

    private static bool IsShown(string text, int at, bool keepsLines) => text[at] switch
    {
        '\n' or '\t' => keepsLines,
        '\r' => keepsLines && at + 1 < text.Length && text[at + 1] == '\n',
        '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => false,
        char other => !char.IsControl(other),
    };
}
