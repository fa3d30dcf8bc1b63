using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation;

/// <summary>Which rows are asked for: from a row or an instant on, up to whichever end is reached first.</summary>
public sealed record RowSelection
{
    /// <summary>The row after the last that can be asked for: row numbers keep clear of the last bits, so that no sum of two overflows.</summary>
    public const long MaxRow = 1L << 60;

    /// <summary>The first row; when all domains are asked for, of transactions.</summary>
    public long FirstRow { get; init; }

    /// <summary>The earliest event time, instead of <see cref="FirstRow"/>.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>How many rows at most; when all domains are asked for, of transactions.</summary>
    public long? Rows { get; init; }

    /// <summary>The event time before which the rows end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The rows of one domain.</summary>
    /// <exception cref="InvalidRequestException">There are none, or no end was asked for.</exception>
    /// <exception cref="WorldEndException">A row would lie after the year 9999.</exception>
    public RowRange Of(EmulatedWorld world, DomainSchema schema)
    {
        IDataFactory factory = world.CreateFactory(schema);
        long first = FirstRowOf(world, schema);
        RowRange range = new(first, Math.Min(EndByRows(first), Until is { } until ? factory.CountBefore(until.ToUnixTimeMilliseconds()) : long.MaxValue));
        return range.Rows > 0 ? range : throw Nothing(schema, range.FirstRow);
    }

    /// <summary>The first row of one domain.</summary>
    public long FirstRowOf(EmulatedWorld world, DomainSchema schema) =>
        From is { } from ? world.CreateFactory(schema).CountBefore(from.ToUnixTimeMilliseconds()) : FirstRow;

    /// <summary>
    /// The rows of every domain in one span of time. The transactions are those asked for; the span begins at
    /// <see cref="From"/>, else at the instant of their first row (with row 0 at the world's start), and ends at the
    /// instant of the row after their last or at <see cref="Until"/>. So neighbouring selections leave no row out and
    /// have none twice, in any domain.
    /// </summary>
    /// <exception cref="InvalidRequestException">There are no transactions, or no end was asked for.</exception>
    /// <exception cref="WorldEndException">A row would lie after the year 9999.</exception>
    public IReadOnlyList<(DomainSchema Schema, RowRange Range)> OfAll(EmulatedWorld world)
    {
        RowRange transactions = Of(world, DomainSchemas.Transaction);
        IDataFactory factory = world.CreateFactory(DomainSchemas.Transaction);
        long fromMs = From?.ToUnixTimeMilliseconds()
            ?? (transactions.FirstRow == 0 ? world.Settings.Start.ToUnixTimeMilliseconds() : InstantOf(factory, transactions.FirstRow));
        long untilMs = transactions.EndRow == EndByRows(transactions.FirstRow)
            ? InstantOf(factory, transactions.EndRow)
            : Until!.Value.ToUnixTimeMilliseconds();
        return [.. DomainSchemas.All.Select(schema => (schema, schema == DomainSchemas.Transaction ? transactions : Between(world, schema, fromMs, untilMs)))];
    }

    private static RowRange Between(EmulatedWorld world, DomainSchema schema, long fromMs, long untilMs)
    {
        IDataFactory factory = world.CreateFactory(schema);
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

    private InvalidRequestException Nothing(DomainSchema schema, long first) =>
        From is { } from
            ? new($"there is no {schema.Domain} from {from:yyyy-MM-ddTHH:mm:ss.fffZ} until {Until:yyyy-MM-ddTHH:mm:ss.fffZ}: give a later end (the world begins at its start)")
            : new($"there is no {schema.Domain} from row {first} until {Until:yyyy-MM-ddTHH:mm:ss.fffZ}: give a later end or an earlier first row");
}
