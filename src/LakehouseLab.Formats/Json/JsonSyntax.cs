using System.Text;
using LakehouseLab.Formats.Lines;

namespace LakehouseLab.Formats.Json;

/// <summary>An object a line; absent values are left out.</summary>
internal sealed class JsonSyntax : LineSyntax
{
    private JsonSyntax()
    {
    }

    /// <summary>The only one.</summary>
    public static JsonSyntax Instance { get; } = new();

    /// <inheritdoc/>
    public override byte Opening => (byte)'{';

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Ending => "}\n"u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Quote => "\""u8;

    /// <summary>Name and colon behind a comma, which the opening brace replaces before the first value that is there.</summary>
    public override byte[] Before(string name, bool isFirst) => [(byte)',', .. JsonText.Quote(Encoding.UTF8.GetBytes(name)), (byte)':'];

    /// <inheritdoc/>
    public override byte[] Absent(bool isFirst) => [];

    /// <inheritdoc/>
    public override int MaxText(int length) => JsonText.MaxQuoted(length);

    /// <inheritdoc/>
    public override int WriteText(ReadOnlySpan<byte> utf8, Span<byte> to) => JsonText.Quote(utf8, to);
}
