namespace LakehouseLab.Audit.Tables;

/// <summary>Takes the values of a column, row by row. Structs, so that the reading loops are compiled for each.</summary>
internal interface IValueSink
{
    /// <summary>Takes an absent value.</summary>
    void Null(int row);

    /// <summary>Takes a number.</summary>
    void Number(int row, long value);

    /// <summary>Takes a text's UTF-8 or bytes, which are valid during the call.</summary>
    void Text(int row, ReadOnlySpan<byte> bytes);
}
