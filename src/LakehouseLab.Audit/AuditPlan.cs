using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Raw;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Silver;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Audit;

/// <summary>The parts of an audit, and what is read for them: the world's rows once for each domain, each table once.</summary>
internal sealed class AuditPlan : IAsyncDisposable
{
    private readonly List<IAuditPart> _parts = [];
    private readonly List<Func<CancellationToken, Task>> _passes = [];

    /// <summary>The parts.</summary>
    public IReadOnlyList<IAuditPart> Parts => _parts;

    /// <summary>All reading, the longest first; may be done in any order and at once.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Reading => [.. _passes, .. _parts.Select<IAuditPart, Func<CancellationToken, Task>>(part => part.ScanAsync)];

    /// <summary>Makes the plan of a request.</summary>
    public static AuditPlan Make(Lake lake, EmulatedWorld world, IReadOnlyList<DomainRanges> domains, AuditRequest request, IProgress<AuditProgress>? progress)
    {
        AuditPlan plan = new();

        // Sums over all emulations say nothing about one of them.
        GoldTables? gold = request.Emulations is null && (Wants(request, AuditLayer.Silver) || Wants(request, AuditLayer.Gold))
            ? new GoldTables(lake.Store, world, domains, layer => Wants(request, layer), progress)
            : null;
        foreach (DomainRanges ranges in domains.OrderByDescending(ranges => ranges.ExpectedRows))
        {
            List<IRowObserver> observers = [];
            if (Wants(request, AuditLayer.Raw))
            {
                RawPart raw = new(lake, world, ranges);
                plan._parts.Add(raw);
                observers.Add(raw.Comparison);
            }

            if (Wants(request, AuditLayer.Bronze))
            {
                BronzePart bronze = new(lake, world, ranges, progress);
                plan._parts.Add(bronze);
                observers.Add(bronze);
            }

            if (Wants(request, AuditLayer.Silver))
            {
                SilverPart silver = new(lake, world, ranges, progress);
                plan._parts.Add(silver);
                observers.Add(silver);
            }

            if (gold?.ObserverOf(ranges.Schema) is { } aggregates)
            {
                observers.Add(aggregates);
            }

            plan._passes.Add(new WorldPass(world, ranges, observers, progress).RunAsync);
        }

        plan._parts.AddRange(gold?.Parts ?? []);
        return plan;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in _parts.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static bool Wants(AuditRequest request, AuditLayer layer) => request.Layers?.Contains(layer) ?? true;
}
