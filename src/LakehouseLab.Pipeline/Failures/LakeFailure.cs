using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Pipeline.Failures;

/// <summary>What a damaged table or a full disk causes: it ends the work on one table, and not that on others.</summary>
internal static class LakeFailure
{
    /// <summary>Whether an exception is of that kind.</summary>
    public static bool Is(Exception exception) => exception is ModelException or DeltaException or LakeException or UnreadableObjectException or StorageException or BrokerException;
}
