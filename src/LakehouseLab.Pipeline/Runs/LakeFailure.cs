using LakehouseLab.Delta;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>What a damaged table or a full disk causes: it ends the work on one table, and not that on others.</summary>
internal static class LakeFailure
{
    /// <summary>Whether an exception is of that kind.</summary>
    public static bool Is(Exception exception) => exception is ModelException or DeltaException or LakeException or StorageException or BrokerException;
}
