using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Parts;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;
using LakehouseLab.World.Time;

namespace LakehouseLab.World;

/// <summary>A world: a pure function of its settings. Immutable; factories are cheap and there is one for each thread.</summary>
public sealed class EmulatedWorld
{
    private readonly WorldParts _parts;

    /// <summary>Makes a world.</summary>
    /// <param name="settings">All that it is a function of.</param>
    /// <exception cref="InvalidRequestException">A setting is out of bounds.</exception>
    public EmulatedWorld(WorldSettings settings)
    {
        settings.Validate();
        Settings = settings;
        _parts = new WorldParts(settings);
    }

    /// <summary>All that the world is a function of.</summary>
    public WorldSettings Settings { get; }

    /// <summary>Makes a factory of a domain's rows, for one thread.</summary>
    public IDataFactory CreateFactory(Domain domain) => domain.CreateFactory(_parts);

    /// <summary>The ground truth of a range of rows: those that are fraudulent or part of an episode, in order. Made as they are asked for.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="firstRow">First row of the range, from 0.</param>
    /// <param name="rows">How many rows the range has.</param>
    /// <exception cref="WorldEndException">A row would be after the year 9999.</exception>
    public IEnumerable<TruthRow> ReadTruth(Domain domain, long firstRow, long rows)
    {
        if (!domain.HasTruth)
        {
            yield break;
        }

        IDataFactory factory = CreateFactory(domain);
        RecordBatch batch = factory.CreateBatch();
        long endRow = firstRow + rows;
        for (long block = firstRow / Block.Rows; block * Block.Rows < endRow; block++)
        {
            factory.FillBlock(batch, block);
            int end = (int)Math.Min(batch.Count, endRow - batch.FirstRow);
            for (int row = (int)Math.Max(0, firstRow - batch.FirstRow); row < end; row++)
            {
                if (batch.Rules[row] != FraudRule.None || batch.Episodes[row] != 0)
                {
                    yield return new TruthRow(domain.Name, batch.FirstRow + row, domain.Key.TextAt(batch, row), batch.Rules[row], batch.Episodes[row]);
                }
            }
        }
    }
}
