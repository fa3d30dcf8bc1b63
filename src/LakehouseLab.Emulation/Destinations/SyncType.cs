namespace LakehouseLab.Emulation.Destinations;

/// <summary>How records are put together into objects.</summary>
public enum SyncType
{
    /// <summary>One record an object; for small runs.</summary>
    Single,

    /// <summary>What came within the flush interval, whatever its size.</summary>
    Grouped,

    /// <summary>Up to a size, or what came within the flush interval.</summary>
    Chunked,
}
