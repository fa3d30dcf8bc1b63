namespace LakehouseLab.Emulation.Delivery;

/// <summary>What is promised of records in a topic. Objects have each record once in any case.</summary>
public enum DeliveryGuarantee
{
    /// <summary>Each record once for readers of committed records: batches are Kafka transactions that carry their position.</summary>
    ExactlyOnce,

    /// <summary>No record is lost; after a crash those of the last batches may be there again.</summary>
    AtLeastOnce,
}
