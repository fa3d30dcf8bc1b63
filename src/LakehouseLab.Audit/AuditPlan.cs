using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Raw;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Silver;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit;

/// <summary>The parts of an audit, and what is read for them: the world's rows once for each domain, each table once.</summary>
internal sealed class AuditPlan : IAsyncDisposable
{
    private readonly List<IAuditPart> _parts = [];
    private readonly List<Func<CancellationToken, Task>> _passes = [];
    private readonly List<TopicReception> _receptions = [];

    // The tables whose rows are sums over foreign records too.
    private readonly List<GoldPart> _sums = [];
    private readonly List<(Domain Domain, SilverPart Silver)> _typed = [];

    /// <summary>The parts.</summary>
    public IReadOnlyList<IAuditPart> Parts => _parts;

    /// <summary>All reading, the longest first; may be done in any order and at once.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Reading => [.. _passes, .. _parts.Select<IAuditPart, Func<CancellationToken, Task>>(part => token => ReadAsync(part, token))];

    /// <summary>Makes the plan of a request.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="world">Its world.</param>
    /// <param name="accounts">What it says of itself.</param>
    /// <param name="domains">The rows that were delivered into it.</param>
    /// <param name="waiting">Those of them that tables have not ingested yet.</param>
    /// <param name="foreign">What Silver does with foreign records.</param>
    /// <param name="request">What is to be audited.</param>
    /// <param name="shard">The shard that the plan is of; null for one that reads everything itself.</param>
    /// <param name="progress">Is told how far the audit is.</param>
    public static AuditPlan Make(
        Lake lake, EmulatedWorld world, LakeAccounts accounts, IReadOnlyList<DomainRanges> domains, WaitingRows waiting, ForeignTreatment foreign, AuditRequest request, Shard? shard, IProgress<AuditProgress>? progress)
    {
        AuditPlan plan = new();
        DeclaredTables declared = new(request.Tables);
        Shard share = shard ?? ShardShare.Whole;
        IReadOnlyDictionary<string, string> projects = ProjectTables.Of(accounts.Flows);

        // Sums over all emulations say nothing about one of them.
        GoldTables? gold = request.Emulations is null && accounts.Unusable.Count == 0 && (Wants(request, AuditLayer.Silver) || Wants(request, AuditLayer.Gold))
            ? new GoldTables(lake.Store, declared, world, domains, layer => Wants(request, layer), request.Sample, shard, progress)
            : null;
        List<(BronzePart Bronze, SilverPart Silver)> pairs = [];
        foreach (DomainRanges ranges in domains.OrderByDescending(ranges => ranges.ExpectedRows))
        {
            List<IRowObserver> observers = [];
            if (Wants(request, AuditLayer.Raw))
            {
                RawPart raw = new(lake, world, ranges, accounts.Flows[TableSources.BronzeOf(ranges.Domain)].IngestedOthers);
                plan._parts.Add(raw);
                observers.Add(raw.Comparison);
            }

            IngestedBatches ingested = new(accounts.Flows[TableSources.BronzeOf(ranges.Domain)]);
            IReadOnlyList<TopicReception> receptions = [.. ReceptionsOf(ranges, ingested, request)];
            plan._receptions.AddRange(receptions);
            foreach (TopicReception reception in receptions)
            {
                TopicPart topic = new(reception, request.Topics!, world, ranges.Only(manifest => TopicSources.TopicOf(manifest, ranges.Domain) == reception.Topic), share, progress);
                plan._parts.Add(topic);
                observers.Add(topic);
            }

            IReadOnlyList<RowRange> unreceived = waiting.Of(TableSources.BronzeOf(ranges.Domain), ranges.Domain);
            DomainRanges received = ranges.Without(unreceived);
            BronzePart? bronze = null;
            if (Wants(request, AuditLayer.Bronze))
            {
                bronze = new BronzePart(lake, declared.Of(TableSources.BronzeOf(ranges.Domain)), world, received, accounts.Flows[TableSources.BronzeOf(ranges.Domain)].Snapshot, ingested, receptions, share, progress);
                plan._parts.Add(bronze);
                observers.Add(ObserverOf(bronze, received, ranges));
            }

            if (Wants(request, AuditLayer.Silver))
            {
                // While Silver lags behind Bronze, the two are not held against each other; nor where a foreign record may have come first.
                string table = $"silver.{ranges.Domain.SilverTable}";
                IReadOnlyList<RowRange> untyped = waiting.Of(table, ranges.Domain);
                DomainRanges typed = untyped.SequenceEqual(unreceived) ? received : ranges.Without(untyped);
                bool takesForeign = foreign == ForeignTreatment.Ingest;
                SilverPart silver = new(lake, declared, world, typed, typed == received && !takesForeign ? bronze : null, share, progress)
                {
                    TakesForeign = takesForeign,
                    Replayed = new ReplayedRows(ingested),
                    IsOfAllBronze = accounts.Flows[table].IsOfAll(accounts.Flows[TableSources.BronzeOf(ranges.Domain)]),
                };
                plan._parts.Add(silver);
                plan._typed.Add((ranges.Domain, silver));
                if (bronze is not null && !projects.ContainsKey(table))
                {
                    pairs.Add((bronze, silver));
                }

                observers.Add(ObserverOf(silver, typed, ranges));
            }

            if (gold?.ObserverOf(ranges.Domain) is { } aggregates)
            {
                observers.Add(aggregates);
            }

            RowRange span = share.SpanOf(ranges);
            plan._passes.Add(token => new WorldPass(world, ranges, observers, progress).RunAsync(span.FirstRow, span.EndRow, token));
        }

        if (pairs.Count > 0 && request.Emulations is null && share.Count == 1)
        {
            plan._parts.Add(new QuarantinePart(lake.Store, declared.Of("silver.quarantine"), pairs));
        }

        plan._parts.AddRange(gold?.Parts ?? []);
        plan._passes.AddRange(gold?.Passes ?? []);
        if (foreign == ForeignTreatment.Ingest)
        {
            plan._sums.AddRange(gold?.Parts ?? []);
        }

        gold?.Wait(waiting);
        plan.LeaveOut(projects, accounts.Flows, request);
        foreach (IAuditPart part in plan._parts.Where(part => waiting.CountOf(part.Tally.Name) > 0))
        {
            part.Tally.Behind = new Backlog(waiting.CountOf(part.Tally.Name), $"{(accounts.Flows.Values.Any(static flow => flow.Streamed.Count > 0) ? "lakelab pipeline stream --engine spark --once" : "lakelab pipeline run")} --lake {lake.Location}") { Months = GoldTables.MonthsOf(part) };
        }

        return plan;
    }

    /// <summary>The topics that messages were delivered to, and what Bronze received of them.</summary>
    public IReadOnlyList<TopicReception> Receptions => _receptions;

    /// <summary>What is made from many records and no pass makes, once all passes are done.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Making => _parts.OfType<GoldPart>().Select<GoldPart, Func<CancellationToken, Task>>(part => part.MakeExpectedAsync);

    /// <summary>Leaves out of the audit what cannot be recomputed, as all reading has shown: sums over records of other lakes and domains, and over
    /// repaired records that the world does not have.</summary>
    public void LeaveOutForeignSums()
    {
        foreach (Domain domain in _typed.Where(typed => typed.Silver.HasRepairedOthers).Select(typed => typed.Domain))
        {
            foreach (GoldPart part in _parts.OfType<GoldPart>().Where(part => TableSources.Of(part.Tally.Name).Contains(domain)))
            {
                part.Tally.NotAudited = "repaired records that the world does not have are ingested into it";
            }
        }

        List<BronzePart> bronze = [.. _parts.OfType<BronzePart>()];
        if (bronze.Count == 0 || bronze.Any(part => part.Tally.Foreign > 0))
        {
            _sums.ForEach(part => part.Tally.NotAudited = "records of other lakes or domains are ingested into it");
        }
    }

    // What a project's model made, or what is made from that, takes the place of the table's audit with the reason alone.
    private void LeaveOut(IReadOnlyDictionary<string, string> projects, IReadOnlyDictionary<string, FlowAccount> flows, AuditRequest request)
    {
        foreach ((string table, string reason) in projects.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (Enum.TryParse(table.Split('.')[0], ignoreCase: true, out AuditLayer layer) && Wants(request, layer))
            {
                _parts.RemoveAll(part => part.Tally.Name == table);
                _parts.Add(new ProjectPart(layer, table, reason, isThere: flows[table].Snapshot is not null));
            }
        }
    }

    private static async Task ReadAsync(IAuditPart part, CancellationToken cancellationToken)
    {
        await part.OpenAsync(cancellationToken).ConfigureAwait(false);
        await part.ScanAsync(cancellationToken).ConfigureAwait(false);
    }

    private static IRowObserver ObserverOf(IRowObserver part, DomainRanges ingested, DomainRanges all) => ingested == all ? part : new PartialObserver(part, ingested);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in _parts.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IEnumerable<TopicReception> ReceptionsOf(DomainRanges ranges, IngestedBatches ingested, AuditRequest request)
    {
        if (!Wants(request, AuditLayer.Topic))
        {
            yield break;
        }

        string?[] topics = [.. ranges.Ranges.Where(range => range.IsAudited).Select(range => TopicSources.TopicOf(range.Manifest, ranges.Domain)).Distinct()];
        foreach (string topic in topics.OfType<string>())
        {
            ITopicLog log = request.Topics ?? throw new InvalidRequestException(
                $"records of {ranges.Schema.Name} were delivered to topic {topic}, and {KafkaConnection.ServersVariable} is not set: name the Kafka brokers in it, or give --layers without topic");
            yield return new TopicReception(topic, log, ingested);
        }
    }

    /// <summary>Whether the layer of a table is audited; a table of no layer belongs to whoever reads it.</summary>
    public static bool WantsTable(AuditRequest request, string table) =>
        Enum.TryParse(table.Split('.')[0], ignoreCase: true, out AuditLayer layer) ? Wants(request, layer) : Wants(request, AuditLayer.Silver) || Wants(request, AuditLayer.Gold);

    /// <summary>Whether a layer is audited.</summary>
    public static bool Wants(AuditRequest request, AuditLayer layer) => request.Layers?.Contains(layer) ?? true;
}
