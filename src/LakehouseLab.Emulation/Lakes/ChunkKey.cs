using System.Globalization;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>
/// The key of a chunk, <c>raw/DOMAIN/EMULATION/NUMBER-FIRSTROW.EXTENSION</c> with eight and sixteen digits: known before the chunk's
/// last row is, and the same for two writers of it. Keys of one emulation sort by number.
/// </summary>
/// <param name="Domain">The domain.</param>
/// <param name="Emulation">The emulation.</param>
/// <param name="Number">The chunk's number in the emulation, from 0.</param>
/// <param name="FirstRow">Its first row.</param>
/// <param name="Extension">Extension of its format, without the first point.</param>
public readonly record struct ChunkKey(string Domain, Guid Emulation, int Number, long FirstRow, string Extension)
{
    private const int EmulationLength = 36;
    private const int NumberDigits = 8;
    private const int RowDigits = 16;

    // Where the parts begin behind the domain's folder.
    private const int NumberStart = EmulationLength + 1;
    private const int RowStart = NumberStart + NumberDigits + 1;
    private const int ExtensionStart = RowStart + RowDigits + 1;

    /// <summary>The key.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{LakeLayout.ChunksOf(Domain, Emulation)}{Number:D8}-{FirstRow:D16}.{Extension}");

    /// <summary>Reads a key.</summary>
    /// <returns>The chunk that it names; null when it is the key of something else.</returns>
    public static ChunkKey? TryParse(string key)
    {
        int domainEnd = key.StartsWith(LakeLayout.Raw, StringComparison.Ordinal) ? key.IndexOf('/', LakeLayout.Raw.Length) : -1;
        ReadOnlySpan<char> rest = domainEnd < 0 ? [] : key.AsSpan(domainEnd + 1);
        return rest.Length > ExtensionStart && rest[NumberStart - 1] == '/' && rest[RowStart - 1] == '-' && rest[ExtensionStart - 1] == '.'
            && !rest[ExtensionStart..].Contains('/')
            && Guid.TryParseExact(rest[..EmulationLength], "D", out Guid emulation)
            && int.TryParse(rest.Slice(NumberStart, NumberDigits), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && long.TryParse(rest.Slice(RowStart, RowDigits), NumberStyles.None, CultureInfo.InvariantCulture, out long row)
                ? new ChunkKey(key[LakeLayout.Raw.Length..domainEnd], emulation, number, row, rest[ExtensionStart..].ToString())
                : null;
    }
}
