using System.Numerics;
using System.Runtime.CompilerServices;

namespace LakehouseLab.Audit.Gold;

/// <summary>Numbers keys from 0 in the order in which they come: a hash table with open addressing that is emptied and filled again. Not thread-safe.</summary>
internal sealed class KeyIndex
{
    private Slot[] _slots = new Slot[1024];
    private ulong[] _keys = new ulong[512];

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>The key of a number.</summary>
    public ulong KeyOf(int number) => _keys[number];

    /// <summary>Lets the processor fetch a key's slot, which it then need not wait for when the key is asked for soon.</summary>
    public void Prefetch(ulong key) => CacheLine.Fetch(ref _slots[SlotOf(key)]);

    /// <summary>The number of a key, which is new if it equals the count before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int GetOrAdd(ulong key)
    {
        Slot[] slots = _slots;
        int at = SlotOf(key);
        for (; slots[at].Number != 0; at = (at + 1) & (slots.Length - 1))
        {
            if (slots[at].Key == key)
            {
                return slots[at].Number - 1;
            }
        }

        if (Count == _keys.Length)
        {
            Grow();
            return GetOrAdd(key);
        }

        _keys[Count] = key;
        slots[at] = new Slot(key, ++Count);
        return Count - 1;
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
        _slots = new Slot[_keys.Length * 2];
        for (int number = 0; number < Count; number++)
        {
            int at = SlotOf(_keys[number]);
            while (_slots[at].Number != 0)
            {
                at = (at + 1) & (_slots.Length - 1);
            }

            _slots[at] = new Slot(_keys[number], number + 1);
        }
    }

    // The key is in the slot, so that a lookup touches one place; numbers count from 1, 0 is a free slot.
    private readonly record struct Slot(ulong Key, int Number);
}
