
[assembly: AssemblyFixture(typeof(LakehouseLab.Tests.Audit.Tampers.LedgerLake))]

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>A small lake whose documents are of every kind: condensed claims and ended ones, several parts, several batches and runs.</summary>
public sealed class LedgerLake : SharedLake
{
    private const int Condensed = 18;

    private protected override async Task MakeAsync(AuditedLake lake)
    {
        // One chunk each, so that sixteen claims become one document.
        for (int row = 0; row < Condensed; row++)
        {
            await lake.EmulateAsync(BuiltIn.DeviceLog, row * 10, 10);
        }

        await lake.EmulateAsync(BuiltIn.Transaction, 0, 300, chunkSize: 25_000);
        await lake.EmulateAsync(BuiltIn.Transaction, 300, 40);
        await EndEarlyAsync(lake);
        await WholeLake.RunPipelineAsync(lake.Lake);
        await lake.EmulateAsync(BuiltIn.Transaction, 2_000, 60);
        await WholeLake.RunPipelineAsync(lake.Lake);
    }

    // What one that claimed 300 rows and was ended after 60 leaves.
    private static async Task EndEarlyAsync(AuditedLake lake)
    {
        await lake.EmulateAsync(BuiltIn.Transaction, 1_000, 60);
        lake.Edit("_lakelab/ranges/transaction/2.json", json => json["rows"] = 300);
        await File.WriteAllTextAsync(Path.Combine(lake.Folder, "_lakelab/ranges/transaction/2-end.json"), "{\"end_row\":1060}", AuditedLake.Token);
    }
}
