using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Bronze.Objects;

/// <summary>
/// Says which raw objects the next batches ingest. What a batch has recorded it must read, so an object of others is read before
/// it is recorded; our own chunks are whole or not there, and one that was damaged later is withdrawn from its batch.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="domain">The domain.</param>
/// <param name="reingest">Whether the new content of objects that changed after their ingestion is ingested too.</param>
internal sealed class RawIntake(Lake lake, Domain domain, bool reingest)
{
    private readonly ManifestStore _manifests = new(lake.Store);
    private readonly RawReading _reading = new(lake, domain);
    private readonly ExaminedObjects _examined = new(lake, BronzeTable.Of(domain));

    /// <summary>Plans what a run ingests: every new object is read or vouched for by its manifest.</summary>
    /// <exception cref="StorageException">A store is not available.</exception>
    public async Task<RawPlan> PlanAsync(IReadOnlyList<BronzeInputs> recorded, CancellationToken cancellationToken)
    {
        (IngestedObjects ingested, IReadOnlyList<NewObject> candidates, IReadOnlyList<ObjectRemark> remarks) = await SurveyAsync(recorded, cancellationToken).ConfigureAwait(false);
        Examination examination = new();
        await foreach ((NewObject item, string? checksum, string? fault) in Lookahead.RunAsync(
            candidates, Lookahead.Files, (item, token) => ExamineAsync(item, ingested, token), cancellationToken).ConfigureAwait(false))
        {
            examination.Add(item.Object with { Checksum = checksum }, fault);
        }

        _examined.SetFaults(examination.Faults);
        await _examined.PutAsync(cancellationToken).ConfigureAwait(false);
        return new RawPlan(examination.Good, [.. remarks, .. examination.Remarks]);
    }

    /// <summary>Says what a run would ingest, without reading what is new.</summary>
    /// <exception cref="StorageException">A store is not available.</exception>
    public async Task<RawPlan> LookAsync(IReadOnlyList<BronzeInputs> recorded, CancellationToken cancellationToken)
    {
        (_, IReadOnlyList<NewObject> candidates, IReadOnlyList<ObjectRemark> remarks) = await SurveyAsync(recorded, cancellationToken).ConfigureAwait(false);
        Examination examination = new();
        foreach (NewObject item in candidates)
        {
            examination.Add(item.Object, _examined.FaultOf(item.Object.Key, item.Object.Length, item.Object.Modified));
        }

        return new RawPlan(examination.Good, [.. remarks, .. examination.Remarks]);
    }

    // What may be ingested, and what is known to stay out.
    private async Task<(IngestedObjects Ingested, IReadOnlyList<NewObject> Candidates, IReadOnlyList<ObjectRemark> Remarks)> SurveyAsync(
        IReadOnlyList<BronzeInputs> recorded, CancellationToken cancellationToken)
    {
        IngestedObjects ingested = IngestedObjects.Of(recorded);
        RawInventory inventory = await RawInventory.ListAsync(lake, domain, ingested, cancellationToken).ConfigureAwait(false);
        await _examined.ReadAsync(cancellationToken).ConfigureAwait(false);
        List<ObjectRemark> remarks = Remark(inventory, ingested);
        IReadOnlyList<NewObject> again = await ChangesAsync(inventory, remarks, cancellationToken).ConfigureAwait(false);
        return (ingested, [.. inventory.New, .. again], remarks);
    }

    private List<ObjectRemark> Remark(RawInventory inventory, IngestedObjects ingested)
    {
        HashSet<string> there = [.. inventory.New.Select(item => item.Object.Key), .. inventory.Unknown];
        return
        [
            .. inventory.Unknown.Select(key => new ObjectRemark(
                key, ObjectState.LeftOut, $"{lake.Location}/{key} is left out, since its name ends like no format of records: end it with one of {ChunkFormat.Endings}, or move it away")),
            .. ingested.Withdrawn.Where(pair => !there.Contains(pair.Key)).Select(pair => new ObjectRemark(pair.Key, ObjectState.Waits, _reading.DescribeMissing(pair.Value))),
        ];
    }

    // What changed after its ingestion is ingested once more or remarked upon. Only objects whose time is new are read, once.
    private async Task<IReadOnlyList<NewObject>> ChangesAsync(RawInventory inventory, List<ObjectRemark> remarks, CancellationToken cancellationToken)
    {
        List<NewObject> again = [];
        foreach (RawChange change in inventory.Touched.Where(change => !_examined.IsUnchanged(change.Now) || change.Now.Length != change.Ingested.Length))
        {
            if (!await _reading.IsChangedAsync(change, cancellationToken).ConfigureAwait(false))
            {
                _examined.AddUnchanged(change.Now);
            }
            else if (reingest)
            {
                again.Add(new NewObject(change.Ingested with { Length = change.Now.Length, Checksum = null, Modified = change.Now.LastModified, Ingestion = change.NextIngestion }, null));
            }
            else
            {
                remarks.Add(new ObjectRemark(change.Ingested.Key, ObjectState.Changed, change.Description));
            }
        }

        return again;
    }

    // The manifest's checksum stands for a chunk of its length, so that a chunk is read once, by its batch.
    private async Task<(NewObject Item, string? Checksum, string? Fault)> ExamineAsync(NewObject item, IngestedObjects ingested, CancellationToken cancellationToken)
    {
        bool isSuspect = item.Chunk is null || ingested.Withdrawn.ContainsKey(item.Object.Key);
        if (!isSuspect && await _manifests.FindPartAsync(item.Object.Emulation!.Value, item.Chunk!.Value, cancellationToken).ConfigureAwait(false) is { } part
            && part.Bytes == item.Object.Length)
        {
            return (item, part.Checksum, null);
        }

        (string? checksum, string? fault) = await _reading.SumAsync(item.Object, cancellationToken).ConfigureAwait(false);
        return (item, checksum, fault ?? (isSuspect ? await _reading.FindFaultAsync(item.Object, cancellationToken).ConfigureAwait(false) : null));
    }

    /// <summary>Sorts examined objects: what cannot be ingested waits, and with it the later chunks of its emulation.</summary>
    private sealed class Examination
    {
        private readonly List<(RawObject Object, string Reason)> _faults = [];
        private readonly Dictionary<Guid, int> _heldBack = [];

        public List<RawObject> Good { get; } = [];

        public IEnumerable<(string Key, long Length, DateTimeOffset? Modified, string Reason)> Faults =>
            _faults.Select(fault => (fault.Object.Key, fault.Object.Length, fault.Object.Modified, fault.Reason));

        public IEnumerable<ObjectRemark> Remarks => _faults.Select(fault => new ObjectRemark(fault.Object.Key, ObjectState.Waits, fault.Reason + HeldBackBy(fault.Object)));

        public void Add(RawObject item, string? fault)
        {
            if (item.Emulation is { } emulation && _heldBack.TryGetValue(emulation, out int count))
            {
                _heldBack[emulation] = count + 1;
            }
            else if (fault is null)
            {
                Good.Add(item);
            }
            else
            {
                _faults.Add((item, fault));
                if (item.Emulation is { } stopped)
                {
                    _heldBack.Add(stopped, 0);
                }
            }
        }

        private string HeldBackBy(RawObject item) => item.Emulation is { } emulation && _heldBack[emulation] is var count and > 0
            ? FormattableString.Invariant($"; {count} later chunks of its emulation wait for it")
            : "";
    }
}

/// <summary>What a run ingests of raw objects.</summary>
/// <param name="Objects">The objects, in the order of their records.</param>
/// <param name="Remarks">Objects that it does not ingest, and why.</param>
internal sealed record RawPlan(IReadOnlyList<RawObject> Objects, IReadOnlyList<ObjectRemark> Remarks);
