using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Raw;

/// <summary>Looks at the end of an object of plain lines, which holds the right records in the wrong bytes.</summary>
internal static class ChunkEnding
{
    // More blank lines than that are not counted.
    private const int Looked = 4096;

    /// <summary>Says what is wrong with its end; null when that is right.</summary>
    public static async Task<string?> DescribeAsync(IObjectStore store, ObjectInfo item, CancellationToken cancellationToken)
    {
        byte[] end = new byte[Math.Min(Looked, item.Length)];
        Stream stream = await store.OpenReadAsync(item.Key, item.Length - end.Length, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await stream.ReadExactlyAsync(end, cancellationToken).ConfigureAwait(false);
        }

        if (end[^1] != (byte)'\n')
        {
            return "no line feed behind its last line";
        }

        int text = end.AsSpan().LastIndexOfAnyExcept(" \t\r\n"u8);
        int lines = end.AsSpan(text + 1).Count((byte)'\n') - 1;
        return lines switch
        {
            0 => null,
            1 => "a blank line at its end",
            _ => FormattableString.Invariant($"{lines} blank lines at its end"),
        };
    }
}
