using System.Text;

namespace LakehouseLab.World.Geography;

/// <summary>
/// A form of numbers and codes: <c>#</c> stands for a digit, <c>@</c> for one of 2 to 9, <c>?</c> for a letter of postal codes, <c>%</c> for a letter of
/// Irish ones, <c>[a/b]</c> for one of the texts given, anything else for itself. Each number below <see cref="Count"/> has a text of its own. Immutable.
/// </summary>
internal sealed class TextPattern
{
    private readonly Part[] _parts;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">Its text in a data file.</param>
    public TextPattern(string pattern)
    {
        List<string[]> parts = [];
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '[' ? pattern.IndexOf(']', i) : i;
            string[] choices = pattern[i] switch
            {
                '#' => LettersOf("0123456789"),
                '@' => LettersOf("23456789"),
                '?' => LettersOf("ABEGHJLNPRTWXZ"),
                '%' => LettersOf("ACDEFHKNPRTVWXY"),
                '[' => pattern[(i + 1)..end].Split('/'),
                char literal => [literal.ToString()],
            };
            i = end;
            if (choices.Length == 1 && parts.Count > 0 && parts[^1].Length == 1)
            {
                parts[^1] = [parts[^1][0] + choices[0]];
            }
            else
            {
                parts.Add(choices);
            }
        }

        _parts = [.. parts.Select(choices => new Part([.. choices.Select(Encoding.UTF8.GetBytes)], choices.Length == 10 && choices[9] == "9"))];
        Count = parts.Aggregate(1L, (count, choices) => count * choices.Length);
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
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            if (part.IsDigit)
            {
                // Division by a constant is a multiplication.
                to[length++] = (byte)('0' + (rest % 10));
                rest /= 10;
                continue;
            }

            byte[] text = part.Choices[0];
            if (part.Choices.Length > 1)
            {
                (rest, ulong choice) = Math.DivRem(rest, (ulong)part.Choices.Length);
                text = part.Choices[choice];
            }

            text.CopyTo(to[length..]);
            length += text.Length;
        }

        return length;
    }

    private static string[] LettersOf(string letters) => [.. letters.Select(letter => letter.ToString())];

    private readonly record struct Part(byte[][] Choices, bool IsDigit);
}
