namespace LakehouseLab.Pipeline.Shapes;

/// <summary>What is proven of a model from its text.</summary>
/// <param name="Whole">Why the table has to be recomputed as a whole whenever its input changes, to stand after "since"; null when what new input touches is enough.</param>
/// <param name="MergeBy">For a merge that is incremental, the input's columns of the key, in the key's order; else empty.</param>
/// <param name="IsByDay">Whether of the months that a batch reaches only the reached days need be recomputed.</param>
/// <param name="IsKeyUnique">Whether the query can give no key twice, so that its rows need not be held against that.</param>
internal sealed record ModelShape(string? Whole, IReadOnlyList<string> MergeBy, bool IsByDay, bool IsKeyUnique);
