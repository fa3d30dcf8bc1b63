namespace LakehouseLab.Audit.Accounts;

/// <summary>A document of entries that are numbered from 0 without gaps: one entry, or consecutive ones that were condensed.</summary>
/// <param name="Key">Its key.</param>
/// <param name="First">Number of its first entry.</param>
/// <param name="Count">How many numbers it stands for.</param>
internal sealed record NumberedDocument(string Key, int First, int Count)
{
    /// <summary>The number after the last.</summary>
    public int End => First + Count;
}
