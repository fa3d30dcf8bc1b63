using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>Tampers with a copy of a lake and holds what the audit tells then against what it must tell.</summary>
internal static class TamperTrial
{
    /// <summary>Tries the tamper of a name.</summary>
    public static async Task TryAsync(this SharedLake shared, IEnumerable<Tamper> tampers, string name)
    {
        Tamper tamper = Assert.Single(tampers, tamper => tamper.Name == name);
        using AuditedLake lake = await shared.CopyAsync();
        await tamper.Act(lake);
        AuditReport report = await lake.AuditAsync();
        Check(await shared.AuditAsync(), report, tamper.Told);
        await ShardTrial.CheckIfChosenAsync(name, lake.Lake, report, AuditedLake.Request());
    }

    /// <summary>Holds what an audit tells more than one before against what it must tell.</summary>
    public static void Check(AuditReport before, AuditReport after, IReadOnlyCollection<Told> told)
    {
        HashSet<(string Table, string Text)> known = [.. before.Findings.Select(finding => (finding.Table, finding.Text))];
        List<Finding> news = [.. after.Findings.Where(finding => !known.Contains((finding.Table, finding.Text)))];
        string all = string.Concat(news.Select(finding => $"\n{finding.Table} {finding.Text}"));
        Assert.True(told.All(each => news.Any(each.Matches)), $"not told: {string.Join("; ", told.Where(each => !news.Any(each.Matches)))}; told:{all}");
        Assert.True(news.All(finding => told.Any(each => each.Matches(finding))), $"told beside:{string.Concat(news.Where(finding => !told.Any(each => each.Matches(finding))).Select(finding => $"\n{finding.Table} {finding.Text}"))}");
        foreach (Told each in told.Where(each => each.Records is not null))
        {
            Assert.True(each.Records == CountOf(after, each) - CountOf(before, each), $"{each.Table}: {CountOf(after, each) - CountOf(before, each)} {each.Kind}, not {each.Records}; told:{all}");
        }

        // Behind an upper table's lost rows others may wait, which blames nobody; what is harmless changes no verdict at all.
        string[] blamed = [.. after.Tables.Where(table => table.Verdict != VerdictOf(before, table.Name) && (told.Count == 0 || !table.IsClean)).Select(table => table.Name)];
        Assert.True(blamed.All(table => told.Any(each => each.Table == table)), $"blamed: {string.Join(", ", blamed)}");
    }

    private static long CountOf(AuditReport report, Told told) => report.Tables.FirstOrDefault(table => table.Name == told.Table)?.Counts.Of(told.Kind) ?? 0;

    private static string? VerdictOf(AuditReport report, string table) => report.Tables.FirstOrDefault(audit => audit.Name == table)?.Verdict;
}
