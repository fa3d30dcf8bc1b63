using System.Numerics;
using System.Runtime.CompilerServices;

namespace LakehouseLab.Audit.Gold;

/// <summary>Distinct keys below 2⁶⁴ − 1: a hash table with open addressing of 8 bytes a slot, as there may be millions. Not thread-safe.</summary>
internal sealed class KeySet
{
    // A slot holds the key and one, 0 when it is free.
    private ulong[] _slots = new ulong[1024];
    private int _count;

    /// <summary>Lets the processor fetch a key's slot, which it then need not wait for when the key is added soon.</summary>
    public void Prefetch(ulong key) => CacheLine.Fetch(ref _slots[SlotOf(key + 1)]);

    /// <summary>Adds a key.</summary>
    /// <returns>Whether it is new.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(ulong key)
    {
        ulong[] slots = _slots;
        ulong stored = key + 1;
        int slot = SlotOf(stored);
        for (; slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            if (slots[slot] == stored)
            {
                return false;
            }
        }

        slots[slot] = stored;
        if (++_count > slots.Length / 2)
        {
            Grow();
        }

        return true;
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _count = 0;
    }

    // The upper bits of a product are mixed best (Knuth, TAOCP 6.4).
    private int SlotOf(ulong stored) => (int)(unchecked(stored * 0x9E3779B97F4A7C15UL) >> (64 - BitOperations.Log2((uint)_slots.Length)));

    private void Grow()
    {
        ulong[] old = _slots;
        _slots = new ulong[old.Length * 2];
        foreach (ulong stored in old)
        {
            if (stored != 0)
            {
                int slot = SlotOf(stored);
                while (_slots[slot] != 0)
                {
                    slot = (slot + 1) & (_slots.Length - 1);
                }

                _slots[slot] = stored;
            }
        }
    }
}
