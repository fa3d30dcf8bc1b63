namespace LakehouseLab.Decoding.Json;

/// <summary>The names of an object's members, each of which may occur once.</summary>
internal sealed class MemberNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Adds a name.</summary>
    /// <param name="raw">What stands between its quotes.</param>
    /// <param name="escaped">Whether there are escapes in it.</param>
    /// <returns>Whether it is new, and a text at all.</returns>
    public bool TryAdd(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped)
        {
            return _names.Add(System.Text.Encoding.UTF8.GetString(raw));
        }

        byte[] unescaped = new byte[raw.Length];
        return JsonText.TryUnescape(raw, unescaped, out int length) && _names.Add(System.Text.Encoding.UTF8.GetString(unescaped, 0, length));
    }

    /// <summary>Empties it.</summary>
    public void Clear() => _names.Clear();
}
