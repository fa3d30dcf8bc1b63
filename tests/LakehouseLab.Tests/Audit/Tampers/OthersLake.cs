
[assembly: AssemblyFixture(typeof(LakehouseLab.Tests.Audit.Tampers.OthersLake))]

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>A lake that also has a raw object of others: an equal duplicate, and three records that are in quarantine.</summary>
public sealed class OthersLake : SharedLake
{
    /// <summary>The others' object.</summary>
    public const string Key = "raw/transaction/others.json";

    private protected override async Task MakeAsync(AuditedLake lake)
    {
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 600);
        await lake.EmulateAsync(BuiltIn.DeviceLog, 0, 100);
        await lake.EmulateAsync(BuiltIn.UserProfile, 0, 220);
        await WholeLake.RunPipelineAsync(lake.Lake);
        string[] lines = await File.ReadAllLinesAsync(lake.PathOf("transaction", 0), AuditedLake.Token);
        string conflict = lines[2].Replace("\"currency\":\"", "\"currency\":\"X", StringComparison.Ordinal);
        string negative = lines[3].Replace("\"amount\":", "\"amount\":-", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(lake.Folder, Key), $"{lines[1]}\n{conflict}\n{negative}\ngarbage\n", AuditedLake.Token);
        await WholeLake.RunPipelineAsync(lake.Lake);
    }
}
