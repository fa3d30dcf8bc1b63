using System.Text.Json.Serialization;

namespace LakehouseLab.Decoding.Tasks;

/// <summary>What <c>lakelab-task version</c> answers.</summary>
/// <param name="Program">The program's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Fingerprint">Its <see cref="DecoderFingerprint"/>.</param>
public sealed record TaskVersion(string Program, string Version, string Fingerprint)
{
    /// <summary>The program's name.</summary>
    public const string ProgramName = "lakelab-task";

    /// <summary>The version of this build.</summary>
    public static TaskVersion Current { get; } = new(ProgramName, typeof(TaskVersion).Assembly.GetName().Version!.ToString(3), DecoderFingerprint.Value);

    /// <summary>Whether a program decodes as this one does.</summary>
    [JsonIgnore]
    public bool DecodesAlike => Fingerprint == DecoderFingerprint.Value;
}
