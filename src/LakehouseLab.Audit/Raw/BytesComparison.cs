using System.IO.Hashing;
using LakehouseLab.Audit.Records;

namespace LakehouseLab.Audit.Raw;

/// <summary>Compares a chunk of plain lines byte for byte, which it reads once.</summary>
/// <param name="stream">The chunk's bytes, disposed of with it.</param>
internal sealed class BytesComparison(Stream stream) : ChunkComparison
{
    private readonly XxHash128 _hash = new();
    private byte[] _buffer = new byte[1 << 20];

    /// <inheritdoc/>
    public override void Compare(ExpectedBlock block, int first, int count)
    {
        ReadOnlySpan<byte> expected = block.Lines[block.Span(first, count)];
        if (_buffer.Length < expected.Length)
        {
            _buffer = new byte[expected.Length * 2];
        }

        Span<byte> found = _buffer.AsSpan(0, expected.Length);
        int length = stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        _hash.Append(found[..length]);
        Differs |= !expected.SequenceEqual(found[..length]);
    }

    /// <inheritdoc/>
    public override async ValueTask<string> EndAsync()
    {
        for (int read; (read = await stream.ReadAsync(_buffer).ConfigureAwait(false)) > 0;)
        {
            _hash.Append(_buffer.AsSpan(0, read));
            Differs = true;
        }

        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => stream.DisposeAsync();
}
