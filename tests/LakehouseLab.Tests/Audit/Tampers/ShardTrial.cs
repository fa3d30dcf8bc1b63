using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Shards;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Pipeline.Declarations;

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>
/// Audits lakes in shards too, and holds their merging against the audit that reads everything itself. Of the tampers some are chosen, others at each run;
/// <c>LAKELAB_AUDIT_SHARDS_SEED</c> repeats a choice and <c>LAKELAB_AUDIT_SHARDS_ALL=1</c> chooses all.
/// </summary>
internal static class ShardTrial
{
    private const int OneOf = 16;
    private const int MostShards = 5;

    private static readonly bool s_all = Environment.GetEnvironmentVariable("LAKELAB_AUDIT_SHARDS_ALL") == "1";
    private static readonly string s_seed = Environment.GetEnvironmentVariable("LAKELAB_AUDIT_SHARDS_SEED") ?? RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture);

    /// <summary>Does so if a tamper is chosen.</summary>
    public static async Task CheckIfChosenAsync(string name, Lake lake, AuditReport single, AuditRequest request)
    {
        ulong draw = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{s_seed} {name}"));
        if (s_all || draw % OneOf == 0)
        {
            await CheckAsync(lake, single, request, 2 + (int)(draw / OneOf % (MostShards - 1)), $"seed {s_seed}");
        }
    }

    /// <summary>Holds the audit of shards against a single one.</summary>
    public static async Task CheckAsync(Lake lake, AuditReport single, AuditRequest request, int count, string trial = "")
    {
        AuditReport merged = await MergeAsync(lake, request, ShardSet.Of(await RunAsync(lake, request, count)));
        Assert.True(TextOf(single) == TextOf(merged), $"{count} shards, {trial}:\n{TextOf(merged)}\n\none audit:\n{TextOf(single)}");
    }

    /// <summary>The reports of all shards, written and read again.</summary>
    public static async Task<IReadOnlyList<(string Source, ShardReport Report)>> RunAsync(Lake lake, AuditRequest request, int count)
    {
        List<(string, ShardReport)> reports = [];
        for (int number = 1; number <= count; number++)
        {
            ShardReport report = await LakeAudit.RunShardAsync(lake, request, new Shard(number, count), null, AuditedLake.Token);
            reports.Add(($"{number}.json", ShardDocuments.Read($"{number}.json", JsonSerializer.SerializeToUtf8Bytes(report.Sealed(), ShardDocuments.Default.Report))));
        }

        return reports;
    }

    /// <summary>The audit of all shards, by one who is not told what they were asked for.</summary>
    public static Task<AuditReport> MergeAsync(Lake lake, AuditRequest request, ShardSet shards) =>
        LakeAudit.MergeAsync(lake, new AuditRequest(BuiltInTables.All) { Topics = request.Topics, Threads = 2 }, shards, null, AuditedLake.Token);

    private static string TextOf(AuditReport report) => JsonSerializer.Serialize(report, AuditDocuments.Default.AuditReport).Replace("},{", "},\n{", StringComparison.Ordinal);
}
