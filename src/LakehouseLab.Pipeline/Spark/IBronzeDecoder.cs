using LakehouseLab.Decoding.Files;
using LakehouseLab.Pipeline.Engines;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Decodes Bronze files into Parquet files of the lake's staging, which Spark reads.</summary>
internal interface IBronzeDecoder
{
    /// <summary>Decodes files.</summary>
    /// <param name="request">Which, and as what.</param>
    /// <param name="staging">What the keys of the decoded files begin with; the caller deletes all below it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The keys of the files that hold the records, at least one, and what they hold.</returns>
    Task<(IReadOnlyList<string> Keys, DecodedTotals Totals)> DecodeAsync(DecodeRequest request, string staging, CancellationToken cancellationToken);
}
