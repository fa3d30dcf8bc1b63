using System.Text;
using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Bronze.Objects;

/// <summary>
/// What was found out about raw objects and need not be found out again while they stay as they are: a cache, without which they
/// are read once more.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="table">The Bronze table.</param>
internal sealed class ExaminedObjects(Lake lake, TableName table)
{
    private readonly string _key = $"{LakeLayout.KeyIndexes}{table}/raw.json";
    private Examinations _now = new([], []);
    private string _kept = "";

    /// <summary>Reads what is known.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (await lake.Store.ReadAsync(_key, cancellationToken).ConfigureAwait(false) is { } json)
        {
            try
            {
                _now = LakeDocument.Read(json, _key, ExaminationDocuments.Default.Examinations);
            }
            catch (LakeException)
            {
                // It is found out again.
            }
        }

        _kept = Serialize();
    }

    /// <summary>Whether an ingested object was found unchanged though its time is another.</summary>
    public bool IsUnchanged(ObjectInfo item) => _now.Unchanged.TryGetValue(item.Key, out DateTimeOffset modified) && modified == item.LastModified;

    /// <summary>Why an object could not be ingested as it is; null when it is new or has changed since.</summary>
    public string? FaultOf(string key, long length, DateTimeOffset? modified) =>
        _now.Faults.TryGetValue(key, out Fault? fault) && fault.Length == length && fault.Modified == modified ? fault.Reason : null;

    /// <summary>Notes that an ingested object is unchanged though its time is another.</summary>
    public void AddUnchanged(ObjectInfo item) => _now.Unchanged[item.Key] = item.LastModified;

    /// <summary>Replaces the objects that cannot be ingested.</summary>
    public void SetFaults(IEnumerable<(string Key, long Length, DateTimeOffset? Modified, string Reason)> faults)
    {
        _now.Faults.Clear();
        foreach ((string key, long length, DateTimeOffset? modified, string reason) in faults)
        {
            _now.Faults[key] = new Fault(length, modified, reason);
        }
    }

    /// <summary>Keeps what is known, if it is more or less than before.</summary>
    public async Task PutAsync(CancellationToken cancellationToken)
    {
        string json = Serialize();
        if (json != _kept)
        {
            await lake.Store.PutAsync(_key, Encoding.UTF8.GetBytes(json), cancellationToken).ConfigureAwait(false);
            _kept = json;
        }
    }

    private string Serialize() => Encoding.UTF8.GetString(LakeDocument.Write(_now, ExaminationDocuments.Default.Examinations));
}

/// <summary>What was found out about raw objects.</summary>
/// <param name="Unchanged">Ingested objects whose content is unchanged though their time is another: that time.</param>
/// <param name="Faults">Objects that cannot be ingested.</param>
internal sealed record Examinations(Dictionary<string, DateTimeOffset> Unchanged, Dictionary<string, Fault> Faults);

/// <summary>Why an object cannot be ingested.</summary>
/// <param name="Length">Its size when that was found out.</param>
/// <param name="Modified">When it had been modified.</param>
/// <param name="Reason">Why.</param>
internal sealed record Fault(long Length, DateTimeOffset? Modified, string Reason);

/// <summary>The cache's document.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Examinations))]
internal sealed partial class ExaminationDocuments : JsonSerializerContext;
