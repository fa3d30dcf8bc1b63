namespace LakehouseLab.World.Purchases;

/// <summary>Every figure of where people buy that is not a category's or a person's.</summary>
internal static class PurchaseFigures
{
    /// <summary>Share of remote purchases at merchants of another country.</summary>
    public const double ForeignRemoteShare = 0.20;
}
