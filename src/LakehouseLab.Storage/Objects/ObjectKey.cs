namespace LakehouseLab.Storage.Objects;

/// <summary>What may name an object: segments separated by <c>/</c>, none of them empty, <c>.</c> or <c>..</c>.</summary>
public static class ObjectKey
{
    /// <summary>Whether a text is a key.</summary>
    public static bool IsValid(ReadOnlySpan<char> key)
    {
        foreach (Range range in key.Split('/'))
        {
            if (key[range] is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Refuses what is not a key, and might lead out of the store.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void Check(string key)
    {
        if (!IsValid(key))
        {
            throw new ArgumentException($"'{key}' is not a key: a segment is empty, '.' or '..'", nameof(key));
        }
    }
}
