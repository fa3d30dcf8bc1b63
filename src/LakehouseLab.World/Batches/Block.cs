namespace LakehouseLab.World.Batches;

/// <summary>Rows are made in blocks, whose rows can be made without those before.</summary>
internal static class Block
{
    /// <summary>Rows of a block in every domain.</summary>
    public const int Rows = 4096;
}
