namespace LakehouseLab.Formats.Csv;

/// <summary>Says why a text of CSV is not a record, so that Bronze keeps it as its text.</summary>
public static class CsvFault
{
    /// <summary>The reason, for people.</summary>
    /// <param name="text">The text, as Bronze keeps it.</param>
    public static string Describe(ReadOnlySpan<byte> text)
    {
        CsvRecord record = new();
        return record.Split(text) switch
        {
            CsvVerdict.Whole when record.Fields.Count == 1 => "CSV: 1 field, not as many as the header names",
            CsvVerdict.Whole => FormattableString.Invariant($"CSV: {record.Fields.Count} fields, not as many as the header names"),
            CsvVerdict.Open => "CSV: a quote that is not closed",
            _ => "CSV: a quote within a field, or text behind a closing quote",
        };
    }
}
