using LakehouseLab.World.Batches;

namespace LakehouseLab.Audit.Gold;

/// <summary>What the places of a dictionary, written as <c>City, CC</c> or <c>Online, CC</c>, say of a payment. Not thread-safe.</summary>
internal sealed class PlaceIndex(Utf8Dictionary dictionary)
{
    private Place[] _places = [];

    /// <summary>A place by its number.</summary>
    public Place this[int index]
    {
        get
        {
            if (index >= _places.Length)
            {
                _places = [.. Enumerable.Range(0, dictionary.Count).Select(number => Read(dictionary.Get(number)))];
            }

            return _places[index];
        }
    }

    private static Place Read(ReadOnlySpan<byte> text) => new((ushort)((text[^2] << 8) | text[^1]), text.StartsWith("Online, "u8));

    /// <summary>A place.</summary>
    /// <param name="Country">The two letters of its country.</param>
    /// <param name="IsRemote">Whether nobody stood in a shop.</param>
    internal readonly record struct Place(ushort Country, bool IsRemote);
}
