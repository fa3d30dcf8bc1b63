using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Which domains' records the tables of a pipeline are made of.</summary>
internal static class TableSources
{
    /// <summary>The domains of a table; all of them for one that is not known, none for one that has no flow of its own.</summary>
    public static IEnumerable<DomainSchema> Of(string table) => table switch
    {
        "silver.quarantine" or "reference.fx_rates" => [],
        "gold.device_activity" => [DomainSchemas.DeviceLog],
        "gold.daily_spend" or "gold.merchant_performance" or "gold.fraud_features" => [DomainSchemas.Transaction],
        _ => DomainSchemas.All.Where(schema => table.Split('.')[^1].StartsWith(schema.Table, StringComparison.Ordinal)).ToList() is { Count: > 0 } own ? own : DomainSchemas.All,
    };

    /// <summary>The Bronze table of a domain.</summary>
    public static string BronzeOf(DomainSchema schema) => $"bronze.{schema.Table}";
}
