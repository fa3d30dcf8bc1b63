using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Storage.Failures;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Time;

namespace LakehouseLab.Server.Failures;

/// <summary>Tells a client what failed, without telling it about the inside of the program.</summary>
internal static class ServiceFailure
{
    /// <summary>Whether a system failed and the message says in one sentence which, why and what to do.</summary>
    public static bool IsOfSystem(Exception exception) => exception is StorageException or UnreadableObjectException or LakeException or DeltaException or ModelException or JobStoreException or BrokerException;

    /// <summary>One sentence for a client.</summary>
    public static string Explain(Exception exception) =>
        exception is InvalidRequestException or WorldEndException || IsOfSystem(exception)
            ? exception.Message.ReplaceLineEndings(" ")
            : $"a fault of this program, {exception.GetType().Name}: its log tells more";
}
