using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Audit.Silver;

/// <summary>Which record a row of the quarantine is about.</summary>
/// <param name="Table">The Silver table, without its layer.</param>
/// <param name="Batch">The batch in which Bronze received it.</param>
/// <param name="Source">Its object or partition.</param>
/// <param name="Offset">Its line or offset there.</param>
internal readonly record struct QuarantineKey(string Table, long Batch, string Source, long Offset);

/// <summary>A row of the quarantine.</summary>
/// <param name="Key">The record that it is about.</param>
/// <param name="Payload">The record's bytes; null for a tombstone.</param>
/// <param name="Texts">Its other columns as people read them, by name.</param>
/// <param name="Place">Where it is stored.</param>
internal sealed record QuarantinedRecord(QuarantineKey Key, byte[]? Payload, IReadOnlyDictionary<string, string?> Texts, string Place)
{
    /// <summary>Whether Bronze received such a record, and Silver has reason to refuse it.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Why it is not expected.</summary>
    public string Cause { get; set; } = "Bronze has no such record";

    /// <summary>Completes a finding about it.</summary>
    public Finding Complete(Finding finding) =>
        finding with { Key = $"{Key.Table} {FormattableString.Invariant($"{Key.Source}@{Key.Offset}")}", Place = Place };
}
