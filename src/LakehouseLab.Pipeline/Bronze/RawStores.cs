using System.Collections.Concurrent;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>The stores that raw objects lie in, each opened once. Safe for use by several threads.</summary>
internal sealed class RawStores(Lake lake)
{
    private readonly ConcurrentDictionary<string, IObjectStore> _others = new(StringComparer.Ordinal);

    /// <summary>The store that an object lies in.</summary>
    public IObjectStore Of(BronzeObject item) => item.Location is null ? lake.Store : _others.GetOrAdd(item.Location, ObjectStores.Open);
}
