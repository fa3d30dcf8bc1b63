using System.Text;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Repair;

[assembly: AssemblyFixture(typeof(LakehouseLab.Tests.Audit.Tampers.ReplayedLake))]

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>
/// A lake whose damaged records were repaired: one to the world's row, one to a record that the world does not have, one to a conflict, and
/// one to a duplicate.
/// </summary>
public sealed class ReplayedLake : SharedLake
{
    /// <summary>The key of the record that the world does not have.</summary>
    public const string Stranger = "0000abc0-0000-0000-0000-000000000001";

    /// <summary>The row that was damaged, and repaired to what the world says.</summary>
    public const int RepairedRow = 10;

    /// <summary>The row whose key the conflict has.</summary>
    public const int ConflictRow = 30;

    private protected override async Task MakeAsync(AuditedLake lake)
    {
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 600);
        string[] lines = await File.ReadAllLinesAsync(lake.PathOf("transaction", 0), AuditedLake.Token);
        lake.ChangeLines("transaction", 0, changed => changed[RepairedRow] = "row");
        await lake.Lake.Store.PutAsync("raw/transaction/others.json", "stranger\nconflict\nduplicate"u8.ToArray(), AuditedLake.Token);
        await WholeLake.RunPipelineAsync(lake.Lake);

        Dictionary<string, string> repaired = new()
        {
            ["row"] = lines[RepairedRow],
            ["stranger"] = lines[20].Replace(lines[20].Split('"')[3], Stranger, StringComparison.Ordinal),
            ["conflict"] = lines[ConflictRow].Replace("\"currency\":\"", "\"currency\":\"X", StringComparison.Ordinal),
            ["duplicate"] = lines[40],
        };
        foreach (QuarantinedRecord record in (await new QuarantineRepair(lake.Lake, ModelCatalog.BuiltIn).ListAsync(new QuarantineFilter(), AuditedLake.Token)).Records.OrderBy(record => record.Payload, StringComparer.Ordinal))
        {
            await new QuarantineRepair(lake.Lake, ModelCatalog.BuiltIn).ReplayAsync(record.Id, Encoding.UTF8.GetBytes(repaired[record.Payload!]), null, TimeProvider.System, AuditedLake.Token);
        }

        await WholeLake.RunPipelineAsync(lake.Lake);
    }
}
