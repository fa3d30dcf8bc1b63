using LakehouseLab.World.Batches;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Domains;

/// <summary>
/// Makes the rows of a domain: row n is a function of the world's settings and n alone. Rows are made in blocks:
/// block k holds the rows from k × <see cref="BlockRows"/> on. One factory serves one thread; any number of them make
/// the same rows.
/// </summary>
public interface IDataFactory
{
    /// <summary>Rows of a block.</summary>
    const int BlockRows = Block.Rows;

    /// <summary>The domain.</summary>
    Domain Domain { get; }

    /// <summary>What the domain's records look like.</summary>
    DomainSchema Schema => Domain.Schema;

    /// <summary>Makes a batch that <see cref="FillBlock"/> can fill.</summary>
    RecordBatch CreateBatch();

    /// <summary>Fills a batch with all rows of a block, in event-time order.</summary>
    /// <param name="batch">A batch of <see cref="CreateBatch"/> of this factory.</param>
    /// <param name="block">Number of the block, from 0.</param>
    /// <exception cref="WorldEndException">A row would be after the year 9999.</exception>
    void FillBlock(RecordBatch batch, long block);

    /// <summary>How many rows have an event time before an instant: the number of the first row at or after it.</summary>
    /// <param name="unixMilliseconds">The instant, in milliseconds since 1970-01-01T00:00:00Z.</param>
    long CountBefore(long unixMilliseconds);

    /// <summary>Finds the row of a record by its key.</summary>
    /// <returns>The row, or -1 when no row of this world has the key (a foreign UUID passes with a chance of at most 2⁻⁴⁰).</returns>
    long FindRow(RecordKey key);
}
