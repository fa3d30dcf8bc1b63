namespace LakehouseLab.Pipeline.Models;

/// <summary>A model's header is wrong.</summary>
/// <param name="line">The header's line, from 1.</param>
/// <param name="message">What is wrong, and what to write instead.</param>
internal sealed class HeaderException(int line, string message) : Exception(message)
{
    /// <summary>The header's line.</summary>
    public int Line => line;
}
