namespace LakehouseLab.Tests;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lakelab-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public string Combine(string name) => System.IO.Path.Combine(Path, name);
}
