using LakehouseLab.Formats.Records;

namespace LakehouseLab.Formats.Lines;

/// <summary>Recognises objects whose lines end with carriage returns alone, which are one line to everybody else.</summary>
internal static class LineEnds
{
    /// <summary>Whether a header of CSV goes on behind a carriage return that stands outside of quotes.</summary>
    public static bool AreReturnsInCsv(ReadOnlySpan<byte> header)
    {
        bool isQuoted = false;
        for (int at = 0; at < header.Length - 1; at++)
        {
            isQuoted ^= header[at] == (byte)'"';
            if (header[at] == (byte)'\r' && !isQuoted)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a text without line feeds holds a JSON object and, behind a carriage return, another.</summary>
    public static bool AreReturnsInJson(ReadOnlySpan<byte> text)
    {
        for (int found; (found = text.IndexOf((byte)'\r')) >= 0; text = text[(found + 1)..])
        {
            if (text[..found].TrimEnd(" \t"u8).EndsWith((byte)'}') && text[found..].TrimStart(" \t\r"u8).StartsWith((byte)'{'))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Refuses such an object.</summary>
    /// <param name="place">The object, as messages name it.</param>
    public static UnreadableObjectException Refuse(string place) =>
        new($"{place} ends its lines with carriage returns alone (CR, as old Macs did): end them with line feeds, or move it away");
}
