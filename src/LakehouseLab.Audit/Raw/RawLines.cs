using System.Runtime.CompilerServices;
using LakehouseLab.Storage;

namespace LakehouseLab.Audit.Raw;

/// <summary>Reads an object line by line: split on line feeds only, nothing stripped.</summary>
internal static class RawLines
{
    /// <summary>Reads the records of an object; a line of nothing but whitespace is none.</summary>
    /// <returns>Each record, valid until the next, with the number of its line from 0.</returns>
    public static async IAsyncEnumerable<(ReadOnlyMemory<byte> Record, long Line)> ReadAsync(
        IObjectStore store, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream stream = await store.OpenReadAsync(key, 0, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            byte[] buffer = new byte[1 << 20];
            int length = 0;
            long line = 0;
            for (bool ended = false; !ended;)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                ended = read == 0;
                length += read;
                int start = 0;
                for (int end; start < length && (end = EndOf(buffer, start, length, ended)) >= 0; start = end + 1)
                {
                    if (!IsBlank(buffer.AsSpan(start, end - start)))
                    {
                        yield return (buffer.AsMemory(start, end - start), line);
                    }

                    line++;
                }

                start = Math.Min(start, length);
                buffer.AsSpan(start, length - start).CopyTo(buffer);
                length -= start;
            }
        }
    }

    // The last line need not end with a line feed.
    private static int EndOf(byte[] buffer, int start, int length, bool ended)
    {
        int feed = buffer.AsSpan(start, length - start).IndexOf((byte)'\n');
        return feed >= 0 ? start + feed : ended ? length : -1;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;
}
