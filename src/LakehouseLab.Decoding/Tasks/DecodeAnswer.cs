using LakehouseLab.Decoding.Files;

namespace LakehouseLab.Decoding.Tasks;

/// <summary>What <c>lakelab-task decode</c> made of one Bronze file.</summary>
/// <param name="File">The Bronze file, as it was named.</param>
/// <param name="Output">The file of decoded records, as a key below the lake; its columns are those of <see cref="DecodedFileWriter.ColumnsOf"/>.</param>
/// <param name="Summary">What is in it.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Fingerprint">Its <see cref="DecoderFingerprint"/>.</param>
public sealed record DecodeAnswer(string File, string Output, FileSummary Summary, string Version, string Fingerprint);
