using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Time;

namespace LakehouseLab.Emulation.Rows;

/// <summary>Which rows are asked for: from a row or an instant on, up to whichever end is reached first.</summary>
public sealed record RowSelection
{
    /// <summary>The row after the last that can be asked for: row numbers keep clear of the last bits, so that no sum of two overflows.</summary>
    public const long MaxRow = 1L << 60;

    /// <summary>The first row; when all domains are asked for, of <see cref="Domain.Measure"/>.</summary>
    public long FirstRow { get; init; }

    /// <summary>The earliest event time, instead of <see cref="FirstRow"/>.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>How many rows at most; when all domains are asked for, of <see cref="Domain.Measure"/>.</summary>
    public long? Rows { get; init; }

    /// <summary>The event time before which the rows end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The part of these rows that is meant; null for all of them. Each domain's rows are split by themselves.</summary>
    public Shard? Shard { get; init; }

    /// <summary>The rows of one domain.</summary>
    /// <exception cref="InvalidRequestException">There are none, or no end was asked for.</exception>
    /// <exception cref="WorldEndException">A row would be after the year 9999.</exception>
    public RowRange Of(EmulatedWorld world, Domain domain)
    {
        RowRange whole = WholeOf(world, domain);
        return Shard is not { } shard ? whole
            : whole.Rows >= shard.Count ? shard.Of(whole)
            : throw new InvalidRequestException($"shard {shard} of {whole.Rows} rows of {domain.Name}: there are more shards than rows, so ask for more rows or fewer shards");
    }

    private RowRange WholeOf(EmulatedWorld world, Domain domain)
    {
        IDataFactory factory = world.CreateFactory(domain);
        long first = FirstRowOf(world, domain);
        RowRange range = new(first, Math.Min(EndByRows(first), Until is { } until ? factory.CountBefore(until.ToUnixTimeMilliseconds()) : long.MaxValue));
        return range.Rows > 0 ? range : throw Nothing(domain, range.FirstRow);
    }

    /// <summary>The first row of one domain.</summary>
    public long FirstRowOf(EmulatedWorld world, Domain domain) =>
        From is { } from ? world.CreateFactory(domain).CountBefore(from.ToUnixTimeMilliseconds()) : FirstRow;

    /// <summary>
    /// The rows of every domain in one span of time. Those of <see cref="Domain.Measure"/> are those asked for; the span begins at
    /// <see cref="From"/>, else at the instant of their first row (with row 0 at the world's start), and ends at the
    /// instant of the row after their last or at <see cref="Until"/>. So neighbouring selections leave no row out and
    /// have none twice, in any domain. Where a domain has fewer rows than there are shards, some of these have none of it.
    /// </summary>
    /// <exception cref="InvalidRequestException">There are no rows, or no end was asked for.</exception>
    /// <exception cref="WorldEndException">A row would be after the year 9999.</exception>
    public IReadOnlyList<(Domain Domain, RowRange Range)> OfAll(EmulatedWorld world)
    {
        RowRange measured = WholeOf(world, Domain.Measure);
        IDataFactory factory = world.CreateFactory(Domain.Measure);
        long fromMs = From?.ToUnixTimeMilliseconds()
            ?? (measured.FirstRow == 0 ? world.Settings.Start.ToUnixTimeMilliseconds() : InstantOf(factory, measured.FirstRow));
        long untilMs = measured.EndRow == EndByRows(measured.FirstRow)
            ? InstantOf(factory, measured.EndRow)
            : Until!.Value.ToUnixTimeMilliseconds();
        return [.. Domain.All.Select(domain => (domain, PartOf(domain == Domain.Measure ? measured : Between(world, domain, fromMs, untilMs))))];
    }

    private RowRange PartOf(RowRange whole) => Shard?.Of(whole) ?? whole;

    private static RowRange Between(EmulatedWorld world, Domain domain, long fromMs, long untilMs)
    {
        IDataFactory factory = world.CreateFactory(domain);
        return new RowRange(factory.CountBefore(fromMs), factory.CountBefore(untilMs));
    }

    private static long InstantOf(IDataFactory factory, long row)
    {
        RecordBatch batch = factory.CreateBatch();
        factory.FillBlock(batch, row / IDataFactory.BlockRows);
        return ((TimestampColumn)batch.Columns[factory.Schema.IndexOf(factory.Schema.EventTime)]).Milliseconds[row % IDataFactory.BlockRows];
    }

    private long EndByRows(long first)
    {
        if (Rows is null && Until is null)
        {
            throw new InvalidRequestException("the rows have no end: say how many, or until when");
        }

        return Rows is not { } rows ? long.MaxValue
            : rows <= MaxRow - first ? first + rows
            : throw new InvalidRequestException($"{rows} rows from row {first} on: rows end with {MaxRow - 1}, ask for fewer");
    }

    private InvalidRequestException Nothing(Domain domain, long first) =>
        From is { } from
            ? new($"there is no {domain.Name} from {from:yyyy-MM-ddTHH:mm:ss.fffZ} until {Until:yyyy-MM-ddTHH:mm:ss.fffZ}: give a later end (the world begins at its start)")
            : new($"there is no {domain.Name} from row {first} until {Until:yyyy-MM-ddTHH:mm:ss.fffZ}: give a later end or an earlier first row");
}
