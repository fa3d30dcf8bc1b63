namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>A text is not a query of the dialect.</summary>
/// <param name="at">Where in the text.</param>
/// <param name="message">What stands there, and what to write instead.</param>
internal sealed class SyntaxException(int at, string message) : Exception(message)
{
    /// <summary>Where in the text.</summary>
    public int At => at;
}
