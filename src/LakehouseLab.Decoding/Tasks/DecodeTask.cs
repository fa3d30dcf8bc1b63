namespace LakehouseLab.Decoding.Tasks;

/// <summary>What <c>lakelab-task decode</c> is asked to do with one Bronze file; complete in itself, since an engine hands its tasks to any worker.</summary>
/// <param name="Fingerprint">The <see cref="DecoderFingerprint"/> of whoever asks.</param>
/// <param name="Lake">The lake as the worker sees it: an absolute folder, or <c>s3://bucket/prefix</c>.</param>
/// <param name="Domain">Name of the records' domain.</param>
/// <param name="File">The Bronze file, as a key below the lake.</param>
/// <param name="Records">How many records the table's log says it has.</param>
/// <param name="Foreign">Emulations whose records are not the lake's own; empty when there are none or they are ingested.</param>
/// <param name="QuarantineForeign">Whether their records are rejected, and not left out.</param>
/// <param name="Staging">Where the decoded file goes: a prefix of keys below the lake that begins with <c>.staging/</c> and ends with <c>/</c>.</param>
public sealed record DecodeTask(
    string Fingerprint, string Lake, string Domain, string File, long Records, IReadOnlyList<string> Foreign, bool QuarantineForeign, string Staging)
{
    /// <summary>What every <see cref="Staging"/> begins with.</summary>
    public const string StagingFolder = ".staging/";
}
