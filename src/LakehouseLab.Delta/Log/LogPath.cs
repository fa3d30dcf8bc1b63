namespace LakehouseLab.Delta.Log;

/// <summary>Paths of data files as the log writes them: relative ones percent-encoded, absolute ones as URIs.</summary>
internal static class LogPath
{
    /// <summary>Whether a path does not lie below the table's root: it has a scheme, or begins with a slash.</summary>
    public static bool IsAbsolute(string path)
    {
        int colon = path.IndexOf(':');
        return path.StartsWith('/') || (colon > 0 && path.AsSpan(0, colon).IndexOfAnyExcept(s_schemeCharacters) < 0);
    }

    /// <summary>A path of the log, decoded; an absolute one stays as it is, since decoding could change its meaning.</summary>
    public static string Decode(string path) => IsAbsolute(path) ? path : Uri.UnescapeDataString(path);

    /// <summary>A path for the log: each byte that is not plain in a URI percent-encoded, slashes kept.</summary>
    public static string Encode(string path) => IsAbsolute(path) ? path : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // RFC 3986, section 3.1.
    private static readonly System.Buffers.SearchValues<char> s_schemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
