namespace LakehouseLab.Audit.Records;

/// <summary>UUIDs as every record and table has them: 36 characters, lower case, hyphens.</summary>
internal static class UuidText
{
    private const int Length = 36;
    private static readonly byte[] s_digits = Digits();

    /// <summary>Reads a UUID.</summary>
    /// <returns>Whether the text is one in exactly this form.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong high, out ulong low)
    {
        high = low = 0;
        if (text.Length != Length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        int wrong = 0;
        high = (Read(text[..8], ref wrong) << 32) | (Read(text.Slice(9, 4), ref wrong) << 16) | Read(text.Slice(14, 4), ref wrong);
        low = (Read(text.Slice(19, 4), ref wrong) << 48) | Read(text.Slice(24, 12), ref wrong);
        return wrong <= 15;
    }

    // Any character that is no digit leaves a bit above the lowest four in what is wrong.
    private static ulong Read(ReadOnlySpan<byte> digits, ref int wrong)
    {
        ulong value = 0;
        foreach (byte digit in digits)
        {
            byte nibble = s_digits[digit];
            wrong |= nibble;
            value = (value << 4) | nibble;
        }

        return value;
    }

    private static byte[] Digits()
    {
        byte[] digits = new byte[256];
        Array.Fill(digits, (byte)0xFF);
        for (int value = 0; value < 16; value++)
        {
            digits["0123456789abcdef"[value]] = (byte)value;
        }

        return digits;
    }
}
