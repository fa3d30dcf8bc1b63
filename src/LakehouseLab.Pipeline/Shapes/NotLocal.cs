namespace LakehouseLab.Pipeline.Shapes;

/// <summary>Rows of a key or month do not follow from input of the same key or month alone.</summary>
/// <param name="reason">Why, to stand after "since".</param>
internal sealed class NotLocal(string reason) : Exception(reason);
