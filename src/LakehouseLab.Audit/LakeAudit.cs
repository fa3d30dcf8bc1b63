using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Shards;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Audit;

/// <summary>
/// The use case "audit": generates the world's rows again and compares them with what is in each layer of a lake, which it
/// reads by itself and never through the engine that wrote it.
/// </summary>
public static class LakeAudit
{
    /// <summary>Audits a lake. Emulations may go on meanwhile: what they deliver after the audit has read how far they are is the next audit's. No table
    /// should be written to.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="request">What is to be audited.</param>
    /// <param name="progress">Is told how far it is, from any thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Cancels the audit.</param>
    /// <exception cref="InvalidRequestException">The lake has no world, one of another version, or not the emulation asked for.</exception>
    /// <exception cref="BrokerException">A topic that records were delivered to cannot be read.</exception>
    /// <exception cref="LakeException">The lake's binding to its world is damaged.</exception>
    public static async Task<AuditReport> RunAsync(Lake lake, AuditRequest request, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        AuditPreparation audit = await AuditPreparation.MakeAsync(lake, request, null, progress, cancellationToken).ConfigureAwait(false);
        await using (audit.ConfigureAwait(false))
        {
            await audit.DoAsync(audit.Plan.Reading, cancellationToken).ConfigureAwait(false);
            await audit.DoAsync(audit.Plan.Making, cancellationToken).ConfigureAwait(false);
            return await audit.ExamineAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does one of several equal shares of an audit's reading, on any machine: <see cref="MergeAsync"/> makes the audit of all of them.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="request">What is to be audited, the same for all shards.</param>
    /// <param name="shard">Which share.</param>
    /// <param name="progress">Is told how far it is, from any thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What was read, not sealed yet.</returns>
    /// <exception cref="InvalidRequestException">The lake has no world, one of another version, or not the emulation asked for.</exception>
    /// <exception cref="BrokerException">A topic that records were delivered to cannot be read.</exception>
    /// <exception cref="LakeException">The lake's binding to its world is damaged.</exception>
    public static async Task<ShardReport> RunShardAsync(Lake lake, AuditRequest request, Shard shard, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        AuditPreparation audit = await AuditPreparation.MakeAsync(lake, request, shard, progress, cancellationToken).ConfigureAwait(false);
        await using (audit.ConfigureAwait(false))
        {
            await audit.DoAsync(audit.Plan.Reading, cancellationToken).ConfigureAwait(false);
            await audit.DoAsync(audit.Plan.Making, cancellationToken).ConfigureAwait(false);
            ShardSettings settings = new(request.Sample.ToString(), request.Receipts, request.RequiresComplete)
            {
                Layers = request.Layers is null ? null : [.. request.Layers],
                Emulations = request.Emulations is null ? null : [.. request.Emulations],
            };
            IReadOnlyDictionary<string, string> facts = await audit.FindFactsAsync(cancellationToken).ConfigureAwait(false);
            return new ShardReport(ShardReport.AuditShard, ShardReport.PresentVersion, shard.ToString(), lake.Location, settings, facts, [.. audit.Plan.Parts.Select(StateOf)])
            {
                Findings = [.. audit.Own.Wholes, .. audit.Plan.Parts.SelectMany(part => part.Tally.Wholes)],
                Differences = [.. audit.Plan.Parts.Select(part => part.Difference is { } difference ? $"{part.Tally.Name}: {difference}" : null).OfType<string>()],
            };
        }
    }

    /// <summary>Makes the audit of all shards' reports: what an audit that reads everything itself would tell. Where sums agree nothing is read; what differs is looked at in the lake.</summary>
    /// <param name="lake">The lake, as the shards saw it.</param>
    /// <param name="request">Who reads: what was asked for is what the shards were.</param>
    /// <param name="shards">The reports.</param>
    /// <param name="progress">Is told how far it is, from any thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="InvalidRequestException">The lake is not what the shards saw.</exception>
    /// <exception cref="BrokerException">A topic that records were delivered to cannot be read.</exception>
    /// <exception cref="LakeException">The lake's binding to its world is damaged.</exception>
    public static async Task<AuditReport> MergeAsync(Lake lake, AuditRequest request, ShardSet shards, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        request = request.With(shards.Settings);
        AuditPreparation audit = await AuditPreparation.MakeAsync(lake, request, ShardShare.Whole, progress, cancellationToken).ConfigureAwait(false);
        await using (audit.ConfigureAwait(false))
        {
            shards.RefuseOther(lake.Location, await audit.FindFactsAsync(cancellationToken).ConfigureAwait(false));
            await audit.DoAsync(audit.Plan.Parts.Select<IAuditPart, Func<CancellationToken, Task>>(part => part.OpenAsync), cancellationToken).ConfigureAwait(false);
            foreach (IAuditPart part in audit.Plan.Parts)
            {
                Load(part, shards);
            }

            return await audit.ExamineAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static ShardPart StateOf(IAuditPart part)
    {
        using MemoryStream state = new();
        using (BinaryWriter writer = new(state))
        {
            part.Save(writer);
        }

        return new ShardPart(part.Tally.Name, state.ToArray());
    }

    private static void Load(IAuditPart part, ShardSet shards)
    {
        foreach (ShardPart state in shards.Reports.SelectMany(report => report.Parts.Where(state => state.Table == part.Tally.Name)))
        {
            using BinaryReader reader = new(new MemoryStream(state.State));
            part.Load(reader);
        }
    }
}
