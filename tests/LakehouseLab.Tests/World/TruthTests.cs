using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.World;

public sealed class TruthTests
{
    private static readonly EmulatedWorld World = new(new WorldSettings());

    [Fact]
    public void ReadTruth_Transactions_AreExactlyTheLabelledRows()
    {
        IDataFactory factory = World.CreateFactory(BuiltIn.Transaction);
        RecordBatch batch = factory.CreateBatch();
        List<long> labelled = [];
        for (int block = 20; block < 40; block++)
        {
            factory.FillBlock(batch, block);
            bool[] isFraud = ((BooleanColumn)batch.Columns[7]).Values;
            labelled.AddRange(Enumerable.Range(0, batch.Count).Where(row => isFraud[row]).Select(row => batch.FirstRow + row));
        }

        TruthRow[] truth = [.. World.ReadTruth(factory.Domain, 20 * IDataFactory.BlockRows, 20 * IDataFactory.BlockRows)];
        Assert.NotEmpty(labelled);
        Assert.Equal(labelled, truth.Where(row => row.IsFraud).Select(row => row.Row));
        Assert.All(truth, row => Assert.Equal(row.Row, factory.FindRow(factory.Domain.Key.Parse([row.RecordId])!.Value)));
        Assert.All(truth, row => Assert.Equal(row.Rule is not (FraudRule.Inherent or FraudRule.None), row.Episode != 0));
    }

    [Fact]
    public void ReadTruth_PartsOfARange_AddUpToIt()
    {
        TruthRow[] whole = [.. World.ReadTruth(BuiltIn.DeviceLog, 1_000, 50_000)];
        Assert.NotEmpty(whole);
        Assert.Equal(whole, World.ReadTruth(BuiltIn.DeviceLog, 1_000, 12_345).Concat(World.ReadTruth(BuiltIn.DeviceLog, 13_345, 37_655)));
    }

    [Fact]
    public void ReadTruth_Profiles_ArePlain() => Assert.Empty(World.ReadTruth(BuiltIn.UserProfile, 0, 20_000));
}
