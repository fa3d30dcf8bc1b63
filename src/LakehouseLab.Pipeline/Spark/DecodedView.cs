using LakehouseLab.Decoding.Files;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Decoded records behind a temporary view over their files.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="View">The view.</param>
/// <param name="Totals">What is in them.</param>
internal sealed record DecodedView(Domain Domain, string View, DecodedTotals Totals) : DecodedBatch([new Relation(View, DecodedFileWriter.ColumnsOf(Domain))], Totals)
{
    /// <inheritdoc/>
    public override Relation All => Parts[0];
}
