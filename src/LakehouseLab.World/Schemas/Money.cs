namespace LakehouseLab.World.Schemas;

/// <summary>How amounts of money are declared: DECIMAL(15,4) holds every ISO 4217 amount, since the most decimals a currency has is 4 (CLF, UYW).</summary>
public static class Money
{
    /// <summary>Digits in all.</summary>
    public const int Precision = 15;

    /// <summary>Digits after the point.</summary>
    public const int Scale = 4;
}
