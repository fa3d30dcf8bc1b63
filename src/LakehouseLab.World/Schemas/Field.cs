namespace LakehouseLab.World.Schemas;

/// <summary>One field of a domain's records, declared once for every format, parser and document.</summary>
/// <param name="Name">Name in JSON, CSV and the tables.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Description">What it says, in one sentence.</param>
public sealed record Field(string Name, FieldType Type, string Description)
{
    /// <summary>Whether a record may lack the field. An absent field is left out of JSON, empty in CSV, null in tables.</summary>
    public bool Nullable { get; init; }

    /// <summary>Whether the field is a label, written only when labels are delivered inline.</summary>
    public bool IsLabel { get; init; }

    /// <summary>Unit of the values (points, milliseconds), or the field that holds it (<c>currency</c>), or null. A decimal whose
    /// unit is a currency is written with as many decimals as that has, others with as many as they need.</summary>
    public string? Unit { get; init; }

    /// <summary>Digits of a <see cref="FieldType.Decimal"/> in all; 0 for other types.</summary>
    public int Precision { get; init; }

    /// <summary>Digits of a <see cref="FieldType.Decimal"/> after the point; 0 for other types.</summary>
    public int Scale { get; init; }

    /// <summary>The only values allowed, or null when any value of the type is.</summary>
    public IReadOnlyList<string>? AllowedValues { get; init; }
}
