using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Devices;
using LakehouseLab.World.Domains.Profiles;
using LakehouseLab.World.Domains.Transactions;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Which domains' records the tables of a pipeline are made of.</summary>
internal static class TableSources
{
    /// <summary>The domains of a table; all of them for one that is not known, none for one that has no flow of its own.</summary>
    public static IEnumerable<Domain> Of(string table) => table switch
    {
        "silver.quarantine" or "reference.fx_rates" => [],
        "gold.device_activity" => [Domain.Of<DeviceLogDomain>()],
        "gold.daily_spend" or "gold.merchant_performance" or "gold.fraud_features" => [Domain.Of<TransactionDomain>()],
        "gold.customer_360" => [Domain.Of<UserProfileDomain>(), Domain.Of<TransactionDomain>(), Domain.Of<DeviceLogDomain>()],
        _ => Domain.All.Where(domain => table.Split('.')[^1].StartsWith(domain.Table, StringComparison.Ordinal)).ToList() is { Count: > 0 } own ? own : Domain.All,
    };

    /// <summary>The Bronze table of a domain.</summary>
    public static string BronzeOf(Domain domain) => $"bronze.{domain.Table}";
}
