using System.Numerics;

namespace LakehouseLab.Audit.Gold;

/// <summary>Numbers keys from 0 in the order in which they come: a hash table with open addressing that is emptied and filled again. Not thread-safe.</summary>
internal sealed class KeyIndex
{
    private int[] _slots = new int[1024];
    private ulong[] _keys = new ulong[512];

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>The key of a number.</summary>
    public ulong KeyOf(int number) => _keys[number];

    /// <summary>The number of a key, which is new if it equals the count before.</summary>
    public int GetOrAdd(ulong key)
    {
        int slot = SlotOf(key);
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (_keys[_slots[slot] - 1] == key)
            {
                return _slots[slot] - 1;
            }
        }

        if (Count == _keys.Length)
        {
            Grow();
            return GetOrAdd(key);
        }

        _keys[Count] = key;
        _slots[slot] = ++Count;
        return Count - 1;
    }

    /// <summary>Adds a key.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(ulong key)
    {
        int before = Count;
        return GetOrAdd(key) == before;
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    // The upper bits of a product are mixed best (Knuth, TAOCP 6.4).
    private int SlotOf(ulong key) => (int)(unchecked(key * 0x9E3779B97F4A7C15UL) >> (64 - BitOperations.Log2((uint)_slots.Length)));

    private void Grow()
    {
        Array.Resize(ref _keys, _keys.Length * 2);
        _slots = new int[_keys.Length * 2];
        for (int number = 0; number < Count; number++)
        {
            int slot = SlotOf(_keys[number]);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = number + 1;
        }
    }
}
