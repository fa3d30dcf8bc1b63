namespace LakehouseLab.Audit.Gold;

/// <summary>Takes the rows that a table should have.</summary>
internal interface IExpectedRows
{
    /// <summary>Takes a row.</summary>
    /// <param name="month">First day of its month since 1970-01-01; 0 in a table without months.</param>
    /// <param name="cells">Its key, then its values; those of the sample alone may be left out. Valid during the call.</param>
    /// <param name="texts">Tells the cells' texts during the call.</param>
    void Add(int month, ReadOnlySpan<Cell> cells, ICellTexts texts);
}
