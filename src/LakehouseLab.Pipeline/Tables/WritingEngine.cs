using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.Failures;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>The one engine that writes a table, as its properties name it; others only read.</summary>
internal static class WritingEngine
{
    /// <summary>Property that names the engine.</summary>
    public const string Property = "lakelab.engine";

    /// <summary>The engine of the tables that the program itself writes, whatever engine runs the models.</summary>
    public const string Lakelab = "lakelab";

    /// <summary>The engine of the tables that Spark writes.</summary>
    public const string Spark = "spark";

    /// <summary>The engine that writes a table; null when its properties name none, so that anyone may.</summary>
    public static string? OwnerOf(Snapshot snapshot) => snapshot.Metadata.Configuration.GetValueOrDefault(Property);

    /// <summary>Whether an engine writes a table that is none of some engines.</summary>
    public static bool IsOther(Snapshot snapshot, params ReadOnlySpan<string> engines) => OwnerOf(snapshot) is { } owner && !engines.Contains(owner);

    /// <summary>Refuses a table that another engine writes. One whose properties name none is anyone's.</summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">A version of it.</param>
    /// <param name="engines">The engines that may write it.</param>
    /// <exception cref="ModelException">Another engine writes it.</exception>
    public static void RefuseOther(DeltaTable table, Snapshot snapshot, params ReadOnlySpan<string> engines)
    {
        if (IsOther(snapshot, engines))
        {
            string owner = OwnerOf(snapshot)!;
            throw new ModelException($"{table.Location} is written by engine '{owner}', not '{engines[0]}': a table has one writing engine; run with --engine {owner}, or make {engines[0]} its engine with --take-over");
        }
    }
}
