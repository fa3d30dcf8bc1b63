using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>The few words that a value may be, each with what it stands for.</summary>
/// <typeparam name="T">What a word stands for.</typeparam>
/// <param name="words">The words in the order of help and messages.</param>
/// <param name="valueAt">What the word of an index stands for.</param>
internal sealed class Choices<T>(IReadOnlyList<string> words, Func<int, T> valueAt)
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>Gets <see cref="Words"/>.</summary>
    public IReadOnlyList<string> GetWords() => words;

    /// <summary>What help shows, such as <c>json|csv</c>.</summary>
    public string Text => string.Join('|', words);

    /// <summary>Reads a word.</summary>
    /// <exception cref="InvalidRequestException">It is none of them.</exception>
    public T Parse(string text)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] == text)
            {
                return valueAt(i);
            }
        }

        throw new InvalidRequestException($"is none of {string.Join(", ", words)}{NearestWord.Ask(text, words)}");
    }

    /// <summary>Writes a value as <see cref="Parse"/> reads it.</summary>
    public string WordOf(T value) => words.Where((_, index) => EqualityComparer<T>.Default.Equals(valueAt(index), value)).First();
}

/// <summary>Choices that several flags and settings have.</summary>
internal static class Choices
{
    /// <summary><c>on</c> or <c>off</c>.</summary>
    public static Choices<bool> OnOff { get; } = new(["on", "off"], static index => index == 0);

    /// <summary>Words that stand for themselves.</summary>
    public static Choices<string> Of(params string[] words) => new(words, index => words[index]);
}
