using LakehouseLab.Emulation.Raw;

namespace LakehouseLab.Pipeline.Bronze.Batches;

/// <summary>The raw objects that recorded batches ingest.</summary>
internal sealed class IngestedObjects
{
    private readonly Dictionary<string, RawObject> _latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RawObject> _withdrawn = new(StringComparer.Ordinal);

    private IngestedObjects()
    {
    }

    /// <summary>Each object by its key, as it was ingested the last time.</summary>
    public IReadOnlyDictionary<string, RawObject> Latest => _latest;

    /// <summary>Objects that a batch recorded and could not ingest, and none has ingested since.</summary>
    public IReadOnlyDictionary<string, RawObject> Withdrawn => _withdrawn;

    /// <summary>Follows the batches.</summary>
    public static IngestedObjects Of(IReadOnlyList<BronzeInputs> recorded)
    {
        IngestedObjects ingested = new();
        HashSet<WithdrawnObject> withdrawn = [.. recorded.SelectMany(inputs => inputs.Withdrawn ?? [])];
        for (int batch = 0; batch < recorded.Count; batch++)
        {
            foreach (RawObject item in recorded[batch].Objects)
            {
                if (withdrawn.Contains(new WithdrawnObject(batch, item.Key)))
                {
                    ingested._withdrawn[item.Key] = item;
                }
                else
                {
                    ingested._latest[item.Key] = item;
                    ingested._withdrawn.Remove(item.Key);
                }
            }
        }

        return ingested;
    }

    /// <summary>What a batch ingests: its objects without those that a later record withdraws.</summary>
    public static IReadOnlyList<RawObject> Of(int batch, IReadOnlyList<BronzeInputs> recorded)
    {
        HashSet<string> withdrawn = [.. recorded.Skip(batch + 1).SelectMany(later => later.Withdrawn ?? []).Where(item => item.Batch == batch).Select(item => item.Key)];
        return [.. recorded[batch].Objects.Where(item => !withdrawn.Contains(item.Key))];
    }
}
