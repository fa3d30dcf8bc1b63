using LakehouseLab.Decoding.Files;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Decoded records in local files, a part each, with the sorted hashes of their keys.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Files">The files, in the order of the records.</param>
/// <param name="Totals">What is in them.</param>
internal sealed record DecodedFiles(Domain Domain, IReadOnlyList<DecodedFile> Files, DecodedTotals Totals)
    : DecodedBatch([.. Files.Select(file => RelationOf(Domain, [file.Path]))], Totals)
{
    /// <inheritdoc/>
    public override Relation All { get; } = RelationOf(Domain, Files.Select(file => file.Path));

    /// <summary>The records of some files.</summary>
    public static DecodedFiles Of(Domain domain, IReadOnlyList<DecodedFile> files) => new(domain, files, DecodedTotals.Of([.. files.Select(file => file.Summary)]));

    private static Relation RelationOf(Domain domain, IEnumerable<string> paths) => new(ParquetFiles.Relation(paths), DecodedFileWriter.ColumnsOf(domain));
}
