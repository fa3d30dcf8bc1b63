using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Tests.Storage;

/// <summary>A store that notes which objects are opened to be read.</summary>
internal sealed class ReadCounter(IObjectStore inner) : DelegatingStore(inner)
{
    /// <summary>Keys of the raw objects that were opened, in order.</summary>
    public List<string> Opened { get; } = [];

    public override ValueTask<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        Opened.AddRange(key.StartsWith("raw/", StringComparison.Ordinal) ? [key] : []);
        return base.OpenReadAsync(key, offset, cancellationToken);
    }
}
