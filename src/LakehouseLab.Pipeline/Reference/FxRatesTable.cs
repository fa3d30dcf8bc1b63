using System.Globalization;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage;
using LakehouseLab.World.Geography;

namespace LakehouseLab.Pipeline.Reference;

/// <summary>Makes <c>reference.fx_rates</c>: what one unit of each currency is worth in US dollars, fixed in every world.</summary>
internal sealed class FxRatesTable(Lake lake, TimeProvider clock)
{
    private static readonly StructType s_schema = new(
    [
        new StructField("currency", PrimitiveType.Text, Metadata: """{"comment":"ISO 4217 code."}"""),
        new StructField("decimals", new PrimitiveType("integer"), Metadata: """{"comment":"Decimals of its amounts."}"""),
        new StructField("usd_rate", new PrimitiveType($"decimal({ExchangeRates.Precision},{ExchangeRates.Scale})"), Metadata: """{"comment":"US dollars for one unit."}"""),
    ]);

    /// <summary>Makes the table when it is not there or empty.</summary>
    public async Task EnsureAsync(DuckDbOptions options, CancellationToken cancellationToken)
    {
        (DeltaTable table, Snapshot snapshot) = await new TableCreation(lake, clock).OpenAsync(
            ModelCatalog.FxRates, s_schema, null, "Fixed exchange rates of the emulated world.", WritingEngine.Lakelab, cancellationToken).ConfigureAwait(false);
        if (snapshot.Files.Count > 0)
        {
            return;
        }

        using ScratchFolder scratch = lake.Store.CreateScratch();
        using DuckDbSession session = new(options, scratch.Path);
        DataFileWriter writer = new(session, table, s_schema, scratch, clock);
        IEnumerable<string> rows = ExchangeRates.All.Select(rate => string.Create(
            CultureInfo.InvariantCulture, $"({SqlText.Literal(rate.Currency)}, CAST({rate.Decimals} AS INTEGER), CAST({rate.UsdRate} AS DECIMAL({ExchangeRates.Precision},{ExchangeRates.Scale})))"));
        IReadOnlyList<WrittenFile> written = await writer.WriteOneAsync(
            $"SELECT * FROM (VALUES {string.Join(", ", rows)}) AS rates(currency, decimals, usd_rate)", cancellationToken).ConfigureAwait(false);
        DeltaTransaction transaction = DeltaTransaction.Begin(table, snapshot, clock);
        foreach (WrittenFile file in written)
        {
            transaction.Add(file.Add);
        }

        CommitResult result = await transaction.CommitAsync("WRITE", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        CommitOutcome.Require(result, table, "its rates were written");
    }
}
