namespace LakehouseLab.Audit.Gold;

/// <summary>Values by key, filled and emptied again and again. Not thread-safe.</summary>
/// <typeparam name="T">What is kept for a key; a new key has the default.</typeparam>
internal sealed class Groups<T>
    where T : struct
{
    private readonly KeyIndex _keys = new();
    private T[] _values = new T[512];

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <summary>The value of a key. Valid until the next call.</summary>
    public ref T this[ulong key]
    {
        get
        {
            int before = _keys.Count;
            int number = _keys.GetOrAdd(key);
            if (number == before)
            {
                if (number == _values.Length)
                {
                    Array.Resize(ref _values, _values.Length * 2);
                }

                _values[number] = default;
            }

            return ref _values[number];
        }
    }

    /// <summary>Prepares for a key that is asked for soon.</summary>
    public void Prefetch(ulong key) => _keys.Prefetch(key);

    /// <summary>The key of a number, from 0 to the count.</summary>
    public ulong KeyOf(int number) => _keys.KeyOf(number);

    /// <summary>The key and the value of a number, from 0 to the count.</summary>
    public ref T At(int number, out ulong key)
    {
        key = _keys.KeyOf(number);
        return ref _values[number];
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear() => _keys.Clear();
}
