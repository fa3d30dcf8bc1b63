using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Raw;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage;
using LakehouseLab.World;

namespace LakehouseLab.Audit;

/// <summary>
/// The use case "audit": makes the world's rows again and compares them with what lies in each layer of a lake, which it
/// reads by itself and never through the engine that wrote it.
/// </summary>
public static class LakeAudit
{
    /// <summary>Audits a lake, which nothing should write to meanwhile.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="request">What is to be audited.</param>
    /// <param name="progress">Is told how far it is, from any thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Cancels the audit.</param>
    /// <exception cref="InvalidRequestException">The lake has no world, one of another version, or not the emulation asked for.</exception>
    /// <exception cref="BrokerException">A topic that records were delivered to cannot be read.</exception>
    /// <exception cref="LakeException">The lake's binding to its world is damaged.</exception>
    public static async Task<AuditReport> RunAsync(Lake lake, AuditRequest request, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Emulations is not null && request.Layers?.Contains(AuditLayer.Gold) is true)
        {
            throw new InvalidRequestException("Gold sums up all emulations of a lake, so it cannot be audited for one: leave the emulation or the layer gold out");
        }

        WorldSettings settings = await lake.ReadWorldAsync(cancellationToken).ConfigureAwait(false) ?? throw await WithoutWorldAsync(lake, cancellationToken).ConfigureAwait(false);
        EmulatedWorld world = new(settings);
        Tally own = new(AuditLayer.Lake, "lake");
        LakeAccounts accounts = await new AccountReader(lake, own).ReadAsync(settings, AuditPlan.TableNames, cancellationToken).ConfigureAwait(false);
        ReceiptCheck receipts = new(accounts, own);
        request.Receipts.ToList().ForEach(receipts.Run);
        IReadOnlyList<DomainRanges> domains = await new RangeReader(lake, request.Topics).ReadAsync(accounts, request.Emulations, cancellationToken).ConfigureAwait(false);
        WaitingReader reader = new(world, accounts, new Intake(lake, accounts.Flows), request.Topics);
        WaitingRows waiting = await reader.ReadAsync(AuditPlan.TableNames, domains, cancellationToken).ConfigureAwait(false);
        ForeignTreatment foreign = await ForeignPolicy.FindAsync(lake, null, cancellationToken).ConfigureAwait(false);
        AuditPlan plan = AuditPlan.Make(lake, world, accounts, domains, waiting, foreign, request, progress);
        await using (plan.ConfigureAwait(false))
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = request.Threads, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(plan.Reading, options, static async (read, token) => await read(token).ConfigureAwait(false)).ConfigureAwait(false);
            plan.LeaveOutForeignSums();
            await Parallel.ForEachAsync(plan.Parts, options, static async (part, token) => await part.ExamineAsync(token).ConfigureAwait(false)).ConfigureAwait(false);
            return Report(lake, request, accounts, own, plan);
        }
    }

    private static async Task<Exception> WithoutWorldAsync(Lake lake, CancellationToken cancellationToken)
    {
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.Manifests, cancellationToken).ConfigureAwait(false))
        {
            return new LakeException($"{lake.Location}/{LakeLayout.World} is gone though {item.Key} is there: restore it from a copy");
        }

        return new InvalidRequestException($"lake '{lake.Location}' has no world yet, so there is nothing to audit: emulate into it first, or give another --lake");
    }

    private static AuditReport Report(Lake lake, AuditRequest request, LakeAccounts accounts, Tally own, AuditPlan plan)
    {
        bool required = request.Layers is not null;
        List<TableAudit> audits = [.. plan.Parts.OrderBy(part => part.Layer).Select(part => part.Tally.ToAudit(required, accounts.Lost.GetValueOrDefault(part.Tally.Name)))];
        HashSet<string> audited = [.. plan.Parts.Select(part => part.Tally.Name)];
        foreach ((string table, string evidence) in accounts.Lost.Where(lost => !audited.Contains(lost.Key) && AuditPlan.WantsTable(request, lost.Key)))
        {
            own.ReportLost(table, evidence);
        }

        // What the lake says of itself is the ground of all else: its contradictions are told whatever was asked for.
        TableAudit lakeAudit = own.ToAudit(required);
        bool isShown = AuditPlan.Wants(request, AuditLayer.Lake) || !lakeAudit.IsClean;
        return new AuditReport(lake.Location, [.. (isShown ? [lakeAudit] : (TableAudit[])[]), .. audits.Where(audit => !audit.IsIdle)]) { RequiresComplete = request.RequiresComplete };
    }
}
