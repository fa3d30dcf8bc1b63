using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Time;

namespace LakehouseLab.Emulation.Requests;

/// <summary>Which rows a world has: those up to the year 9999.</summary>
internal static class RowLimits
{
    /// <summary>Refuses rows that the world cannot make, before anything is written for them. Of rows without an end the first is looked at.</summary>
    /// <exception cref="WorldEndException">A row would be after the year 9999.</exception>
    public static void Require(EmulationRequest request) => Make(request.World.CreateFactory(request.Domain), request.Rows is null ? request.FirstRow : request.EndRow - 1);

    /// <summary>Whether the world can make a row.</summary>
    public static bool HasRow(IDataFactory factory, long row)
    {
        try
        {
            Make(factory, row);
            return true;
        }
        catch (WorldEndException)
        {
            return false;
        }
    }

    private static void Make(IDataFactory factory, long row)
    {
        RecordBatch batch = factory.CreateBatch();
        factory.FillBlock(batch, row / IDataFactory.BlockRows);
    }
}
