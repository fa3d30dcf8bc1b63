namespace LakehouseLab.Storage.Objects;

/// <summary>A local folder for intermediate files, deleted with all that is in it when disposed of, or with what killed processes left.</summary>
/// <param name="path">The folder.</param>
public sealed class ScratchFolder(string path) : IDisposable
{
    /// <summary>The folder's path.</summary>
    public string Path => path;

    /// <summary>A path within the folder; nothing is made.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
