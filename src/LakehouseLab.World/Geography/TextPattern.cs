using System.Globalization;
using System.Text;

namespace LakehouseLab.World.Geography;

/// <summary>
/// A form of numbers and codes: <c>#</c> stands for a digit, <c>@</c> for one of 2 to 9, <c>?</c> for a letter of postal codes, <c>%</c> for a letter of
/// Irish ones, <c>[a/b]</c> for one of the texts given, anything else for itself. Each number below <see cref="Count"/> has a text of its own. Immutable.
/// </summary>
internal sealed class TextPattern
{
    private static readonly string[] Digits = [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];

    private readonly byte[][][] _parts;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">Its text in a data file.</param>
    public TextPattern(string pattern)
    {
        List<string[]> parts = [];
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '[' ? pattern.IndexOf(']', i) : i;
            parts.Add(pattern[i] switch
            {
                '#' => Digits,
                '@' => Digits[2..],
                '?' => LettersOf("ABEGHJLNPRTWXZ"),
                '%' => LettersOf("ACDEFHKNPRTVWXY"),
                '[' => pattern[(i + 1)..end].Split('/'),
                char literal => [literal.ToString()],
            });
            i = end;
        }

        _parts = [.. parts.Select(choices => choices.Select(Encoding.UTF8.GetBytes).ToArray())];
        Count = _parts.Aggregate(1L, (count, choices) => count * choices.Length);
    }

    /// <summary>How many texts have this form.</summary>
    public long Count { get; }

    /// <summary>Writes the text of a number.</summary>
    /// <param name="to">Takes the text.</param>
    /// <param name="number">0 to <see cref="Count"/> − 1.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> to, long number)
    {
        ulong rest = (ulong)number;
        int length = 0;
        foreach (byte[][] choices in _parts)
        {
            byte[] text = choices[0];
            if (choices.Length == 10)
            {
                // Division by a constant is a multiplication.
                text = choices[rest % 10];
                rest /= 10;
            }
            else if (choices.Length > 1)
            {
                text = choices[rest % (ulong)choices.Length];
                rest /= (ulong)choices.Length;
            }

            text.CopyTo(to[length..]);
            length += text.Length;
        }

        return length;
    }

    private static string[] LettersOf(string letters) => [.. letters.Select(letter => letter.ToString())];
}
