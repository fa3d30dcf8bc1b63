using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Raw;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Silver;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit;

/// <summary>The parts of an audit, and what is read for them: the world's rows once for each domain, each table once.</summary>
internal sealed class AuditPlan : IAsyncDisposable
{
    private readonly List<IAuditPart> _parts = [];
    private readonly List<Func<CancellationToken, Task>> _passes = [];

    // The tables whose rows are sums over foreign records too.
    private readonly List<GoldPart> _sums = [];

    /// <summary>The parts.</summary>
    public IReadOnlyList<IAuditPart> Parts => _parts;

    /// <summary>All reading, the longest first; may be done in any order and at once.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Reading => [.. _passes, .. _parts.Select<IAuditPart, Func<CancellationToken, Task>>(part => part.ScanAsync)];

    /// <summary>Makes the plan of a request.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="world">Its world.</param>
    /// <param name="accounts">What it says of itself.</param>
    /// <param name="domains">The rows that were delivered into it.</param>
    /// <param name="waiting">Those of them that tables have not ingested yet.</param>
    /// <param name="foreign">What Silver does with foreign records.</param>
    /// <param name="request">What is to be audited.</param>
    /// <param name="progress">Is told how far the audit is.</param>
    public static AuditPlan Make(
        Lake lake, EmulatedWorld world, LakeAccounts accounts, IReadOnlyList<DomainRanges> domains, WaitingRows waiting, ForeignTreatment foreign, AuditRequest request, IProgress<AuditProgress>? progress)
    {
        AuditPlan plan = new();

        // Sums over all emulations say nothing about one of them.
        GoldTables? gold = request.Emulations is null && accounts.Unusable.Count == 0 && (Wants(request, AuditLayer.Silver) || Wants(request, AuditLayer.Gold))
            ? new GoldTables(lake.Store, world, domains, layer => Wants(request, layer), request.Sample, progress)
            : null;
        List<(BronzePart Bronze, SilverPart Silver)> pairs = [];
        foreach (DomainRanges ranges in domains.OrderByDescending(ranges => ranges.ExpectedRows))
        {
            List<IRowObserver> observers = [];
            if (Wants(request, AuditLayer.Raw))
            {
                RawPart raw = new(lake, world, ranges, accounts.Flows[TableSources.BronzeOf(ranges.Schema)].IngestedOthers);
                plan._parts.Add(raw);
                observers.Add(raw.Comparison);
            }

            IngestedBatches ingested = new(accounts.Flows[TableSources.BronzeOf(ranges.Schema)]);
            IReadOnlyList<TopicReception> receptions = [.. ReceptionsOf(ranges, ingested, request)];
            foreach (TopicReception reception in receptions)
            {
                TopicPart topic = new(reception, request.Topics!, world, ranges.Only(manifest => TopicSources.TopicOf(manifest, ranges.Schema) == reception.Topic), progress);
                plan._parts.Add(topic);
                observers.Add(topic);
            }

            IReadOnlyList<RowRange> unreceived = waiting.Of(TableSources.BronzeOf(ranges.Schema), ranges.Schema);
            DomainRanges received = ranges.Without(unreceived);
            BronzePart? bronze = null;
            if (Wants(request, AuditLayer.Bronze))
            {
                bronze = new BronzePart(lake, world, received, accounts.Flows[TableSources.BronzeOf(ranges.Schema)].Snapshot, ingested, receptions, progress);
                plan._parts.Add(bronze);
                observers.Add(ObserverOf(bronze, received, ranges));
            }

            if (Wants(request, AuditLayer.Silver))
            {
                // While Silver lags behind Bronze, the two are not held against each other; nor where a foreign record may have come first.
                string table = $"silver.{SilverPart.TableOf(ranges.Schema)}";
                IReadOnlyList<RowRange> untyped = waiting.Of(table, ranges.Schema);
                DomainRanges typed = untyped.SequenceEqual(unreceived) ? received : ranges.Without(untyped);
                bool takesForeign = foreign == ForeignTreatment.Ingest;
                SilverPart silver = new(lake, world, typed, typed == received && !takesForeign ? bronze : null, progress)
                {
                    TakesForeign = takesForeign,
                    IsOfAllBronze = accounts.Flows[table].IsOfAll(accounts.Flows[TableSources.BronzeOf(ranges.Schema)]),
                };
                plan._parts.Add(silver);
                if (bronze is not null)
                {
                    pairs.Add((bronze, silver));
                }

                observers.Add(ObserverOf(silver, typed, ranges));
            }

            if (gold?.ObserverOf(ranges.Schema) is { } aggregates)
            {
                observers.Add(aggregates);
            }

            plan._passes.Add(new WorldPass(world, ranges, observers, progress).RunAsync);
        }

        if (pairs.Count > 0 && request.Emulations is null)
        {
            plan._parts.Add(new QuarantinePart(lake.Store, pairs));
        }

        plan._parts.AddRange(gold?.Parts ?? []);
        if (foreign == ForeignTreatment.Ingest)
        {
            plan._sums.AddRange(gold?.Parts ?? []);
        }

        gold?.Wait(waiting);
        foreach (IAuditPart part in plan._parts.Where(part => waiting.CountOf(part.Tally.Name) > 0))
        {
            part.Tally.Behind = new Backlog(waiting.CountOf(part.Tally.Name), $"lakelab pipeline run --lake {lake.Location}") { Months = GoldTables.MonthsOf(part) };
        }

        return plan;
    }

    /// <summary>Leaves out of the audit what cannot be recomputed, as all reading has shown: sums over records of other lakes and domains.</summary>
    public void LeaveOutForeignSums()
    {
        List<BronzePart> bronze = [.. _parts.OfType<BronzePart>()];
        if (bronze.Count == 0 || bronze.Any(part => part.Tally.Foreign > 0))
        {
            _sums.ForEach(part => part.Tally.NotAudited = "records of other lakes or domains are ingested into it");
        }
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

        string?[] topics = [.. ranges.Ranges.Where(range => range.IsAudited).Select(range => TopicSources.TopicOf(range.Manifest, ranges.Schema)).Distinct()];
        foreach (string topic in topics.OfType<string>())
        {
            ITopicLog log = request.Topics ?? throw new InvalidRequestException(
                $"records of {ranges.Schema.Domain} were delivered to topic {topic}, and {KafkaConnection.ServersVariable} is not set: name the Kafka brokers in it, or give --layers without topic");
            yield return new TopicReception(topic, log, ingested);
        }
    }

    /// <summary>The tables that a pipeline makes, whether or not they are there.</summary>
    public static IEnumerable<string> TableNames => DomainSchemas.All.SelectMany(schema => (string[])[$"bronze.{schema.Table}", $"silver.{SilverPart.TableOf(schema)}"])
        .Concat(GoldTables.All.Select(table => table.FullName)).Append("silver.quarantine");

    /// <summary>Whether the layer of a table is audited; a table of no layer belongs to whoever reads it.</summary>
    public static bool WantsTable(AuditRequest request, string table) =>
        Enum.TryParse(table.Split('.')[0], ignoreCase: true, out AuditLayer layer) ? Wants(request, layer) : Wants(request, AuditLayer.Silver) || Wants(request, AuditLayer.Gold);

    /// <summary>Whether a layer is audited.</summary>
    public static bool Wants(AuditRequest request, AuditLayer layer) => request.Layers?.Contains(layer) ?? true;
}
