using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Values;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary>The flag that selects models as dbt does.</summary>
internal sealed class SelectOption : ValueOption<string?>
{
    /// <summary>Declares it.</summary>
    public SelectOption()
        : base("--select", "MODELS", "Models to run: a table, + after it for all that depend on it, + before it for all that it needs [all]", static text => text) =>
        OffersOfModels = static catalog => KnownTables.ModelNames(catalog).SelectMany(static table => new[] { table, $"{table}+" });
}
