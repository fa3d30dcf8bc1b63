using System.Buffers.Binary;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Devices;
using LakehouseLab.World.Profiles;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Transactions;

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
    /// <param name="schema">One of <see cref="DomainSchemas.All"/>.</param>
    public IDataFactory CreateFactory(DomainSchema schema) => schema.Domain switch
    {
        "transaction" => new TransactionFactory(_parts),
        "user-profile" => new UserProfileFactory(_parts),
        "device-log" => new DeviceLogFactory(_parts),
        _ => throw new ArgumentOutOfRangeException(nameof(schema), schema.Domain, "there is no such domain"),
    };

    /// <summary>The ground truth of a range of rows: those that are fraudulent or part of an episode, in order. Made as they are asked for.</summary>
    /// <param name="schema">One of <see cref="DomainSchemas.All"/>. Profiles are never fraudulent.</param>
    /// <param name="firstRow">First row of the range, from 0.</param>
    /// <param name="rows">How many rows the range has.</param>
    /// <exception cref="WorldEndException">A row would lie after the year 9999.</exception>
    public IEnumerable<TruthRow> ReadTruth(DomainSchema schema, long firstRow, long rows)
    {
        IDataFactory factory = CreateFactory(schema);
        RecordBatch batch = factory.CreateBatch();
        if (batch.Columns[schema.IndexOf(schema.Key[0])] is not UuidColumn ids)
        {
            yield break;
        }

        long endRow = firstRow + rows;
        for (long block = firstRow / Block.Rows; block * Block.Rows < endRow; block++)
        {
            factory.FillBlock(batch, block);
            int end = (int)Math.Min(batch.Count, endRow - batch.FirstRow);
            for (int row = (int)Math.Max(0, firstRow - batch.FirstRow); row < end; row++)
            {
                if (batch.Rules[row] != FraudRule.None || batch.Episodes[row] != 0)
                {
                    yield return new TruthRow(schema.Domain, batch.FirstRow + row, IdAt(ids, row), batch.Rules[row], batch.Episodes[row]);
                }
            }
        }
    }

    private static Guid IdAt(UuidColumn ids, int row)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ids.High[row]);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ids.Low[row]);
        return new Guid(bytes, bigEndian: true);
    }
}
