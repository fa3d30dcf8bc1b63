using LakehouseLab.Pipeline.Decoding;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>What a model of a source takes in.</summary>
/// <param name="Schema">The domain.</param>
/// <param name="BronzeFiles">The Bronze files, as local paths.</param>
/// <param name="Decoded">Their records, decoded.</param>
internal sealed record SourceBatch(DomainSchema Schema, IReadOnlyList<string> BronzeFiles, DecodedRecords Decoded)
{
    /// <summary>How many records there are.</summary>
    public long Records => Decoded.Records;
}
