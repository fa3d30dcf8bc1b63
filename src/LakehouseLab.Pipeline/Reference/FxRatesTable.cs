using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Geography;

namespace LakehouseLab.Pipeline.Reference;

/// <summary>Makes <c>reference.fx_rates</c>: what one unit of each currency is worth in US dollars, fixed in every world.</summary>
internal sealed class FxRatesTable(TableVersions versions, TimeProvider clock)
{
    private static readonly StructType s_schema = ReferenceTable.FxRates.Schema;

    /// <summary>Makes the table when it is not there or empty.</summary>
    public async Task EnsureAsync(DuckDbOptions options, CancellationToken cancellationToken)
    {
        TableVersion table = await new TableCreation(versions, clock).OpenAsync(
            ReferenceTable.FxRates.Table, s_schema, null, "Fixed exchange rates of the emulated world.", WritingEngine.Lakelab, cancellationToken).ConfigureAwait(false);
        if (table.Files.Count > 0)
        {
            return;
        }

        using ScratchFolder scratch = versions.Lake.Store.CreateScratch();
        using DuckDbSession session = new(options, scratch.Path);
        DataFileWriter writer = new(session, table.Table, s_schema, scratch, clock);
        IEnumerable<string> rows = ExchangeRates.All.Select(rate => string.Create(
            CultureInfo.InvariantCulture, $"({SqlText.Literal(rate.Currency)}, CAST({rate.Decimals} AS INTEGER), CAST({rate.UsdRate} AS DECIMAL({ExchangeRates.Precision},{ExchangeRates.Scale})))"));
        IReadOnlyList<WrittenFile> written = await writer.WriteOneAsync(
            $"SELECT * FROM (VALUES {string.Join(", ", rows)}) AS rates(currency, decimals, usd_rate)", cancellationToken).ConfigureAwait(false);
        DeltaTransaction transaction = DeltaTransaction.Begin(table.Table, table.Snapshot, clock);
        foreach (WrittenFile file in written)
        {
            transaction.Add(file.Add);
        }

        CommitResult result = await transaction.CommitAsync("WRITE", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        CommitOutcome.Require(result, table.Table, "its rates were written");
        versions.Forget(table.Name);
    }
}
