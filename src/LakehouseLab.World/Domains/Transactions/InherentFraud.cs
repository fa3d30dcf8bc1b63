using LakehouseLab.World.Batches;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Settings;

namespace LakehouseLab.World.Domains.Transactions;

/// <summary>Ordinary purchases that are fraudulent for no reason that data shows: one in each slot of rows, by quota.</summary>
internal sealed class InherentFraud(WorldSettings settings)
{
    private readonly double _share = settings.FraudRate * settings.FraudMix.ShareOf(FraudRule.Inherent);
    private readonly ulong _key = Draw.Key(unchecked((ulong)settings.Seed), Purpose.Inherent, 0);

    /// <summary>Marks the fraudulent ones among the ordinary purchases of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="count">How many ordinary purchases it has.</param>
    /// <param name="marks">Whether each is fraudulent.</param>
    public void Mark(long block, int count, bool[] marks)
    {
        Array.Clear(marks);
        long end = Turns(block + 1);
        for (long turn = Turns(block); turn < end; turn++)
        {
            for (ulong attempt = 0; attempt < 64 && count > 0; attempt++)
            {
                int chosen = (int)Draw.Below(Draw.Bits(Draw.Bits(_key, (ulong)turn), attempt), (ulong)count);
                if (!marks[chosen])
                {
                    marks[chosen] = true;
                    break;
                }
            }
        }
    }

    private long Turns(long block) => (long)(block * (double)Block.Rows * _share);
}
