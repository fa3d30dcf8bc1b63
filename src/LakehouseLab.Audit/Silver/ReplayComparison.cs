using System.Globalization;
using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

/// <summary>Compares rows that the world does not have with the repaired records that they say they come from.</summary>
/// <param name="schema">The domain.</param>
/// <param name="replayed">The repaired records.</param>
/// <param name="rows">Reads the table.</param>
/// <param name="ingestedAt">Tells when Bronze appended a repaired record, in Unix microseconds; null when that is not known.</param>
internal sealed class ReplayComparison(DomainSchema schema, ReplayedRows replayed, SilverRows rows, Func<Replay, long?> ingestedAt)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string?[][] _origins = [];

    /// <summary>Reads where rows say that they come from.</summary>
    public void Read(TableGroup group, bool[] wanted)
    {
        rows.ReadOrigins(group);
        _origins = [.. TableDeclaration.Lineage.Select(column =>
        {
            string?[] texts = new string?[group.Rows];
            group.Read(column, new TextSink(texts, wanted, column));
            return texts;
        })];
    }

    /// <summary>The repaired record that a row comes from; null when no batch of Bronze appended one.</summary>
    public Replay? Find(int row) => replayed.Find(rows.ReplayOf(row));

    /// <summary>Whether a repaired record was not asked for before.</summary>
    public bool IsFirst(Replay replay) => _seen.Add(replay.Source);

    /// <summary>How a row differs from a repaired record.</summary>
    /// <param name="replay">The record.</param>
    /// <param name="texts">The row's values, by column.</param>
    /// <param name="row">The row among them.</param>
    public IReadOnlyList<ColumnDifference> Differences(Replay replay, Dictionary<string, string?[]> texts, int row)
    {
        IReadOnlyDictionary<string, string?> values = TypedRecord.Read(schema, replay.Payload);
        IReadOnlyList<TableColumn> lineage = TableDeclaration.Lineage;
        List<ColumnDifference> compared =
        [
            .. values.Where(value => texts.ContainsKey(value.Key)).Select(value => new ColumnDifference(value.Key, value.Value, texts[value.Key][row])),
            new(lineage[0].Name, replay.Batch.ToString(CultureInfo.InvariantCulture), _origins[0][row]),
            new(lineage[2].Name, Replay.Offset.ToString(CultureInfo.InvariantCulture), _origins[2][row]),
        ];
        if (ingestedAt(replay) is { } instant)
        {
            compared.Add(new ColumnDifference(lineage[3].Name, ValueText.Of(lineage[3], instant), _origins[3][row]));
        }

        return [.. compared.Where(column => column.Expected != column.Found)];
    }
}
