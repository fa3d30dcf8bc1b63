namespace LakehouseLab.World.Domains.Transactions;

/// <summary>Every figure of ordinary purchases that is not a category's or a person's.</summary>
internal static class TransactionFigures
{
    /// <summary>Share of purchases at one of the person's favourite merchants of the category.</summary>
    public const double FavouriteShare = 0.6;

    /// <summary>Favourite merchants of a person in each category; a power of two.</summary>
    public const int Favourites = 4;
}
