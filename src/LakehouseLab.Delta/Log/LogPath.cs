namespace LakehouseLab.Delta.Log;

/// <summary>
/// Paths of data files as logs spell them. By the protocol they are URIs, relative to the table's root or absolute, but writers differ in
/// what they escape: <c>month=2026-01-01/x</c> and <c>month%3D2026-01-01/x</c> are one file and two strings. Files are told apart by their
/// decoded paths; what goes back into a log is the string that was there, by which other readers tell them apart.
/// </summary>
internal static class LogPath
{
    private const string FileScheme = "file:";

    // RFC 3986, section 3.1.
    private static readonly System.Buffers.SearchValues<char> s_schemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>Whether a path is not below the table's root: it has a scheme, or begins with a slash.</summary>
    public static bool IsAbsolute(string path) => path.StartsWith('/') || HasScheme(path);

    /// <summary>A path of a log, decoded: below the table's root; or of this machine, from the file system's root; or the URI of another store as it stands.</summary>
    public static string Decode(string spelling) =>
        !HasScheme(spelling) ? Uri.UnescapeDataString(spelling)
        : spelling.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) ? LocalPath(spelling[FileScheme.Length..]) ?? spelling
        : spelling;

    /// <summary>A path for a log: each byte that is not plain in a URI percent-encoded, slashes kept.</summary>
    public static string Encode(string path) => HasScheme(path) ? path : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // RFC 8089: file:/path, file:///path and file://localhost/path are of this machine. (System.Uri does not know the first one, which Hadoop writes.)
    private static string? LocalPath(string rest)
    {
        string path = rest.StartsWith("//localhost/", StringComparison.OrdinalIgnoreCase) ? rest["//localhost".Length..]
            : rest.StartsWith("///", StringComparison.Ordinal) ? rest["//".Length..]
            : rest;
        return !path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) ? null
            : Uri.UnescapeDataString(OperatingSystem.IsWindows() ? path[1..] : path);
    }

    private static bool HasScheme(string path)
    {
        int colon = path.IndexOf(':');
        return colon > 0 && path.AsSpan(0, colon).IndexOfAnyExcept(s_schemeCharacters) < 0;
    }
}
