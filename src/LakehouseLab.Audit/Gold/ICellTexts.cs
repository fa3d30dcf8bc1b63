namespace LakehouseLab.Audit.Gold;

/// <summary>Tells the texts that cells refer to by number.</summary>
internal interface ICellTexts
{
    /// <summary>A text.</summary>
    /// <param name="column">Name of its column.</param>
    /// <param name="index">Its number among those of its column.</param>
    string TextOf(string column, int index);
}
