using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>A value as somebody wrote it.</summary>
/// <param name="Text">The value.</param>
/// <param name="Origin">The flag, variable or file, as a user knows it.</param>
internal sealed record StatedText(string Text, string Origin)
{
    /// <summary>Reads the value, naming where it is written when it is wrong.</summary>
    /// <param name="parse">Reads it, or throws with a message that follows the quoted text, such as "is not a date".</param>
    /// <exception cref="InvalidRequestException">The text is refused.</exception>
    public T Read<T>(Func<string, T> parse)
    {
        try
        {
            return parse(Text);
        }
        catch (InvalidRequestException refusal)
        {
            throw new InvalidRequestException($"{Origin}: '{Text}' {refusal.Message}", refusal);
        }
    }
}
