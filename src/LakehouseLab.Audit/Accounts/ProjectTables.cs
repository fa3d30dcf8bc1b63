namespace LakehouseLab.Audit.Accounts;

/// <summary>The tables that models of projects have made, and those that are made from them: nobody but the project knows what they should hold.</summary>
internal static class ProjectTables
{
    /// <summary>Finds them.</summary>
    /// <param name="flows">What is recorded of each table.</param>
    /// <returns>Why each is not audited, by table.</returns>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, FlowAccount> flows)
    {
        Dictionary<string, string?> reasons = new(StringComparer.Ordinal);
        foreach (string table in flows.Keys)
        {
            Find(table, flows, reasons);
        }

        return reasons.Where(static pair => pair.Value is not null).ToDictionary(static pair => pair.Key, static pair => pair.Value!, StringComparer.Ordinal);
    }

    private static string? Find(string table, IReadOnlyDictionary<string, FlowAccount> flows, Dictionary<string, string?> reasons)
    {
        if (reasons.TryGetValue(table, out string? known))
        {
            return known;
        }

        // Records that name each other in a circle are told elsewhere, and end here.
        reasons[table] = null;
        if (flows.GetValueOrDefault(table)?.CommittedBatches.LastOrDefault() is not { } last)
        {
            return null;
        }

        string? input = last.Tables?.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => Find(name, flows, reasons) is not null);
        return reasons[table] = last.Origin is { } origin ? $"a model of a project made it: {origin}"
            : input is not null ? $"it is made from {input}, which is not audited"
            : null;
    }
}
