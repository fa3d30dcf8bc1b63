using LakehouseLab.Emulation.Pacing;

namespace LakehouseLab.Emulation.Requests;

/// <summary>How many rows an emulation claims at once that goes on until it is ended.</summary>
internal static class Pieces
{
    private const long Least = 1 << 16;
    private const long Most = 1 << 24;
    private const double Seconds = 10;

    /// <summary>Ten seconds of a pace: a claim is made rarely, and little is claimed in vain.</summary>
    public static long RowsOf(Pace pace) => pace.Kind switch
    {
        PaceKind.Rows => (long)Math.Clamp(pace.Value * Seconds, Least, Most),
        PaceKind.EventTime => Least,
        _ => Most,
    };
}
