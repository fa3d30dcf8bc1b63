namespace LakehouseLab.Pipeline.Engines;

/// <summary>Keys that occur more than once, by a 64-bit hash. A hash of more than one key makes records contested that need not be, and does no harm.</summary>
/// <param name="Hashes">The hashes, as a relation with the column <c>key_hash</c>; null when there are none.</param>
/// <param name="Earlier">Rows of the table, all those of contested keys among them; null when it has none.</param>
internal record ContestedKeys(Relation? Hashes, Relation? Earlier)
{
    /// <summary>No key occurs more than once.</summary>
    public static ContestedKeys None { get; } = new(null, null);
}
