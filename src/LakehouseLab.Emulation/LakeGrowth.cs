using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation;

/// <summary>
/// The use case "let a lake grow": makes those of the rows asked for that the lake lacks, in every domain. Ranges that
/// emulations have claimed stay theirs: unfinished ones are continued as far as is asked for, and what nobody has
/// becomes new emulations. So repeating adds nothing, and asking for more adds exactly the rest. Of several at once that ask for
/// the same rows one makes them, and the others are refused; shards of one selection have no row in common.
/// </summary>
/// <param name="lake">The lake.</param>
public sealed class LakeGrowth(Lake lake)
{
    /// <summary>Finds out what the lake lacks.</summary>
    /// <param name="world">The world.</param>
    /// <param name="rows">The rows that the lake shall have.</param>
    /// <param name="options">How records are made. Labels are those of new emulations: one that has delivered rows keeps its own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One entry for each domain, in the order in which they are to be made.</returns>
    /// <exception cref="InvalidRequestException">The lake holds another world, there are no such rows, or an unfinished emulation has rows of several shards.</exception>
    /// <exception cref="LakeException">A claim, manifest or chunk is damaged.</exception>
    public async Task<IReadOnlyList<DomainGrowth>> PlanAsync(
        EmulatedWorld world, RowSelection rows, EmulationOptions options, CancellationToken cancellationToken)
    {
        await lake.RefuseOtherAsync(world.Settings, cancellationToken).ConfigureAwait(false);
        List<DomainGrowth> plan = [];
        foreach ((Domain domain, RowRange range) in rows.OfAll(world))
        {
            plan.Add(await PlanAsync(world, domain, range, rows.Shard, options, cancellationToken).ConfigureAwait(false));
        }

        return plan;
    }

    /// <summary>Makes what a plan says, domain after domain.</summary>
    /// <param name="plan">A plan of <see cref="PlanAsync(EmulatedWorld, RowSelection, EmulationOptions, CancellationToken)"/>.</param>
    /// <param name="progress">Is told how far each domain is: rows of the plan's range, those that were there among them.</param>
    /// <param name="cancellationToken">Ends it at a chunk's edge; what was finished is valid, and the same request goes on from there.</param>
    /// <returns>What was done, one entry for each domain.</returns>
    public async Task<IReadOnlyList<DomainGrowthResult>> RunAsync(
        IReadOnlyList<DomainGrowth> plan, IProgress<EmulationProgress>? progress, CancellationToken cancellationToken)
    {
        List<DomainGrowthResult> results = [];
        foreach (DomainGrowth domain in plan)
        {
            DomainProgress ofDomain = new(domain, progress);
            List<EmulationResult> emulations = [];
            foreach (EmulationRequest request in domain.Requests)
            {
                EmulationResult result = await Emulator.RunAsync(request, lake, new EmulationControl { Progress = ofDomain }, cancellationToken).ConfigureAwait(false);
                ofDomain.Advance(result);
                emulations.Add(result);
            }

            results.Add(new DomainGrowthResult(domain, emulations));
        }

        return results;
    }

    private async Task<DomainGrowth> PlanAsync(
        EmulatedWorld world, Domain domain, RowRange range, Shard? shard, EmulationOptions options, CancellationToken cancellationToken)
    {
        List<EmulationRequest> requests = [];
        long rowsThere = 0;
        long row = range.FirstRow;
        IReadOnlyList<RangeClaim> claims = await new RangeClaims(lake, domain.Name).ReadAsync(cancellationToken).ConfigureAwait(false);
        foreach (RangeClaim claim in claims.OrderBy(claim => claim.FirstRow))
        {
            RowRange wanted = claim.Range.Intersect(range);
            if (wanted.Rows <= 0)
            {
                continue;
            }

            AddGap(wanted.FirstRow);
            row = wanted.EndRow;
            Manifest? manifest = await new ManifestStore(lake.Store).FindAsync(claim.Emulation, cancellationToken).ConfigureAwait(false);
            long nextRow = await NextRowAsync(claim, manifest, new EmulationRequest(domain, world, 0, null, options).Destination, cancellationToken).ConfigureAwait(false);
            rowsThere += Math.Max(0, wanted.Intersect(new RowRange(claim.FirstRow, nextRow)).Rows);
            if (nextRow < wanted.EndRow)
            {
                RefuseShared(claim, wanted);
                requests.Add(Continue(claim, manifest, wanted.EndRow));
            }
        }

        AddGap(range.EndRow);
        return new DomainGrowth(domain, range, rowsThere, requests);

        void AddGap(long end)
        {
            if (row < end)
            {
                requests.Add(new EmulationRequest(domain, world, row, end - row, options));
            }
        }

        // Each shard would go on with it.
        void RefuseShared(RangeClaim claim, RowRange wanted)
        {
            if (shard is not null && wanted != claim.Range)
            {
                throw new InvalidRequestException(
                    $"emulation {claim.Emulation} of {domain.Name} is unfinished and has rows {claim.FirstRow} to {claim.EndRow - 1}, which shard {shard} has a part of: finish it first with lakelab emulate {domain.Name} --emulation {claim.Emulation} --lake {lake.Location}");
            }
        }

        EmulationRequest Continue(RangeClaim claim, Manifest? manifest, long end) => (manifest is null
            ? new EmulationRequest(domain, world, claim.FirstRow, claim.Rows, options)
            : new EmulationRequest(domain, world, manifest.FirstRow, manifest.Rows, BegunEmulation.OptionsOf(manifest, options))) with
        {
            Emulation = claim.Emulation,
            StopRow = end,
        };
    }

    private async Task<long> NextRowAsync(RangeClaim claim, Manifest? manifest, Destination asked, CancellationToken cancellationToken)
    {
        if (manifest is null)
        {
            return claim.FirstRow;
        }

        // Rows that go elsewhere are their emulation's to deliver, in its own time.
        if (manifest.IsEnded || manifest.Destination != asked)
        {
            return claim.EndRow;
        }

        if (manifest.Sync == SyncSystem.Kafka)
        {
            return claim.FirstRow + Math.Clamp(manifest.DeliveredRows - manifest.CountBefore(claim.FirstRow), 0, claim.Range.Rows);
        }

        IReadOnlyList<ChunkInfo> chunks = await new ManifestStore(lake.Store).ListChunksAsync(manifest, cancellationToken).ConfigureAwait(false);
        return chunks.Count == 0 ? claim.FirstRow : chunks[^1].EndRow;
    }

    /// <summary>Turns the reports of a domain's emulations into the domain's.</summary>
    private sealed class DomainProgress : IProgress<EmulationProgress>
    {
        private readonly DomainGrowth _domain;
        private readonly IProgress<EmulationProgress>? _progress;
        private long _rows;
        private long _bytes;

        public DomainProgress(DomainGrowth domain, IProgress<EmulationProgress>? progress)
        {
            _domain = domain;
            _progress = progress;
            _rows = domain.RowsThere;
            Report(default);
        }

        // A continued emulation may have to make rows before the range first: they do not count beyond it.
        public void Report(EmulationProgress value) => _progress?.Report(new EmulationProgress(
            _domain.Domain.Schema, Math.Min(_rows + value.MadeRows, _domain.Range.Rows), _domain.Range.Rows, _rows + value.MadeRows - _domain.RowsThere, _bytes + value.Bytes));

        public void Advance(EmulationResult result)
        {
            _rows += result.MadeRows;
            _bytes += result.MadeBytes;
        }
    }
}
