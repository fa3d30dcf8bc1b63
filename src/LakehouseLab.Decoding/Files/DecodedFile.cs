namespace LakehouseLab.Decoding.Files;

/// <summary>The decoded records of one Bronze file, in a file that an engine reads.</summary>
/// <param name="Path">The file, with the columns of <see cref="DecodedFileWriter.ColumnsOf"/>.</param>
/// <param name="Summary">What is in it.</param>
/// <param name="KeyHashes">Hashes of the accepted records' keys, in their order.</param>
public sealed record DecodedFile(string Path, FileSummary Summary, long[] KeyHashes);
