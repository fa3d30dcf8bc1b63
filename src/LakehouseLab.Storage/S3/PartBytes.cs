namespace LakehouseLab.Storage.S3;

/// <summary>The bytes of an object, or of a part of one, while they gather and travel. Not thread-safe.</summary>
internal sealed class PartBytes : IDisposable
{
    private readonly List<byte[]> _segments = [];

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int at = Length % Segments.Size;
            if (at == 0)
            {
                _segments.Add(Segments.Take());
            }

            int taken = Math.Min(bytes.Length, Segments.Size - at);
            bytes[..taken].CopyTo(_segments[^1].AsSpan(at));
            Length += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>Reads them from the first on; any number of times, as long as they are kept.</summary>
    public Stream Open() => new PartStream(_segments, Length);

    /// <summary>Gives the memory back: no stream of it may be read any more.</summary>
    public void Dispose()
    {
        _segments.ForEach(Segments.Return);
        _segments.Clear();
        Length = 0;
    }
}
