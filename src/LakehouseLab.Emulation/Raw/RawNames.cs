namespace LakehouseLab.Emulation.Raw;

/// <summary>Says which objects below <c>raw/</c> nobody means as records: what writers leave beside them, and what is not finished yet.</summary>
public static class RawNames
{
    private static readonly string[] s_unfinished = [".tmp", ".inprogress", ".part", ".partial", ".crdownload", ".crc"];

    /// <summary>Whether an object is ignored: a segment of its name begins with <c>.</c> or <c>_</c>, or its ending is that of a file
    /// that is being written or of a checksum, in whatever case.</summary>
    /// <param name="name">Its key below the domain's folder.</param>
    public static bool IsIgnored(string name) =>
        Array.Exists(name.Split('/'), static segment => segment.StartsWith('.') || segment.StartsWith('_'))
        || Array.Exists(s_unfinished, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
