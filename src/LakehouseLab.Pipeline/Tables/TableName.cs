namespace LakehouseLab.Pipeline.Tables;

/// <summary>A table of a lake: <c>silver.transactions</c>, below <c>silver/transactions</c>.</summary>
/// <param name="Layer">bronze, silver, gold or reference.</param>
/// <param name="Name">Its name in the layer.</param>
public sealed record TableName(string Layer, string Name)
{
    /// <summary>Key of its folder.</summary>
    public string Prefix => $"{Layer}/{Name}";

    /// <summary>Reads <c>layer.name</c>.</summary>
    /// <returns>The name, or null when the text is not one.</returns>
    public static TableName? TryParse(string text) =>
        text.Split('.') is [{ Length: > 0 } layer, { Length: > 0 } name] ? new TableName(layer, name) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}.{Name}";
}
