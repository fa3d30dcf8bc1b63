using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Audit;

/// <summary>What an audit, a shard of one and their merging begin and end with: what the lake says of itself, the plan, and the report.</summary>
internal sealed class AuditPreparation : IAsyncDisposable
{
    private readonly Lake _lake;
    private readonly AuditRequest _request;
    private readonly LakeAccounts _accounts;
    private readonly Func<IEnumerable<TopicState>, IReadOnlyDictionary<string, string>> _facts;

    private AuditPreparation(Lake lake, AuditRequest request, LakeAccounts accounts, Func<IEnumerable<TopicState>, IReadOnlyDictionary<string, string>> facts, Tally own, AuditPlan plan)
    {
        _lake = lake;
        _request = request;
        _accounts = accounts;
        _facts = facts;
        Own = own;
        Plan = plan;
    }

    /// <summary>What the lake says of itself.</summary>
    public Tally Own { get; }

    /// <summary>The parts.</summary>
    public AuditPlan Plan { get; }

    /// <summary>Prepares an audit.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="request">What is to be audited.</param>
    /// <param name="shard">The shard that reads; null for an audit that reads everything itself.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<AuditPreparation> MakeAsync(Lake lake, AuditRequest request, Shard? shard, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Emulations is not null && request.Layers?.Contains(AuditLayer.Gold) is true)
        {
            throw new InvalidRequestException("Gold sums up all emulations of a lake, so it cannot be audited for one: leave the emulation or the layer gold out");
        }

        WorldSettings settings = await lake.ReadWorldAsync(cancellationToken).ConfigureAwait(false) ?? throw await WithoutWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        EmulatedWorld world = new(settings);
        string[] tables = [.. request.Tables.Select(table => table.Name)];
        Tally own = new(AuditLayer.Lake, "lake");
        LakeAccounts accounts = await new AccountReader(lake, own).ReadAsync(settings, tables, cancellationToken).ConfigureAwait(false);
        ReceiptCheck receipts = new(accounts, own);
        request.Receipts.ToList().ForEach(receipts.Run);
        IReadOnlyList<DomainRanges> domains = await new RangeReader(lake, request.Topics).ReadAsync(accounts, request.Emulations, cancellationToken).ConfigureAwait(false);
        WaitingReader reader = new(world, accounts, new Intake(lake, accounts.Flows), request.Topics);
        WaitingRows waiting = await reader.ReadAsync(tables, domains, cancellationToken).ConfigureAwait(false);
        ForeignTreatment foreign = await ForeignPolicy.FindAsync(lake, null, cancellationToken).ConfigureAwait(false);
        AuditPlan plan = AuditPlan.Make(lake, world, accounts, domains, waiting, foreign, request, shard, progress);
        return new AuditPreparation(lake, request, accounts, topics => LakeFacts.Of(settings, accounts, domains, waiting, foreign, topics), own, plan);
    }

    /// <summary>The lake's state, which all shards must have seen alike.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindFactsAsync(CancellationToken cancellationToken)
    {
        List<TopicState> topics = [];
        foreach (TopicReception reception in Plan.Receptions)
        {
            topics.AddRange(await reception.FindStateAsync(cancellationToken).ConfigureAwait(false) is { } state ? [state] : []);
        }

        return _facts(topics);
    }

    /// <summary>Looks at what differs, once everything is read.</summary>
    public async Task<AuditReport> ExamineAsync(CancellationToken cancellationToken)
    {
        Plan.LeaveOutForeignSums();
        await DoAsync(Plan.Parts.Select<IAuditPart, Func<CancellationToken, Task>>(part => part.ExamineAsync), cancellationToken).ConfigureAwait(false);
        return Report();
    }

    /// <summary>Does several things at once, as many as were asked for.</summary>
    public Task DoAsync(IEnumerable<Func<CancellationToken, Task>> things, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        things, new ParallelOptions { MaxDegreeOfParallelism = _request.Threads, CancellationToken = cancellationToken }, static async (act, token) => await act(token).ConfigureAwait(false));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Plan.DisposeAsync();

    private static async Task<Exception> WithoutWorldAsync(Lake lake, CancellationToken cancellationToken)
    {
        ManifestFolder folder = await ManifestFolder.ListAsync(lake.Store, cancellationToken).ConfigureAwait(false);
        string? left = folder.Emulations.Select(LakeLayout.Manifest).Concat(folder.WithoutManifest.Select(LakeLayout.ManifestParts)).FirstOrDefault();
        return left is not null
            ? new LakeException($"{lake.Location}/{LakeLayout.World} is gone though {left} is there: restore it from a copy")
            : new InvalidRequestException($"lake '{lake.Location}' has no world yet, so there is nothing to audit: emulate into it first, or give another --lake");
    }

    private AuditReport Report()
    {
        bool required = _request.Layers is not null;
        List<TableAudit> audits = [.. Plan.Parts.OrderBy(part => part.Layer).Select(part => part.Tally.ToAudit(required, _accounts.Lost.GetValueOrDefault(part.Tally.Name)))];
        HashSet<string> audited = [.. Plan.Parts.Select(part => part.Tally.Name)];
        foreach ((string table, string evidence) in _accounts.Lost.Where(lost => !audited.Contains(lost.Key) && AuditPlan.WantsTable(_request, lost.Key)))
        {
            Own.ReportLost(table, evidence);
        }

        // What the lake says of itself is the ground of all else: its contradictions are told whatever was asked for.
        TableAudit lakeAudit = Own.ToAudit(required);
        bool isShown = AuditPlan.Wants(_request, AuditLayer.Lake) || !lakeAudit.IsClean;
        return new AuditReport(_lake.Location, [.. (isShown ? [lakeAudit] : (TableAudit[])[]), .. audits.Where(audit => !audit.IsIdle)]) { RequiresComplete = _request.RequiresComplete };
    }
}
