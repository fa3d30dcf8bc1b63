using System.Buffers;

namespace LakehouseLab.Decoding.Tasks;

/// <summary>The commands by which a worker's shell runs <c>lakelab-task</c>.</summary>
public static class TaskCommand
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-");

    /// <summary>Decodes the tasks of its input.</summary>
    /// <param name="program">The program: a path on the worker, or a name on its PATH.</param>
    /// <param name="credentials">The file of <see cref="TaskCredentials"/> on the worker; null where the worker's environment has them, or none are needed.</param>
    public static string Decode(string program, string? credentials) => Of(program, credentials is null ? "decode" : $"decode --credentials {Quote(credentials)}");

    /// <summary>Says which version there is.</summary>
    /// <param name="program">The program: a path on the worker, or a name on its PATH.</param>
    public static string Version(string program) => Of(program, "version");

    // The program is one file, whose native library is unpacked at its first start: a worker's folder can be written to, its HOME perhaps not.
    private static string Of(string program, string arguments) => $"DOTNET_BUNDLE_EXTRACT_BASE_DIR=\"$PWD\" {Quote(program)} {arguments}";

    private static string Quote(string text) => text.AsSpan().ContainsAnyExcept(s_plain) || text.Length == 0 ? $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'" : text;
}
