using LakehouseLab.Tests.Architecture.Ring.Upper;

namespace LakehouseLab.Tests.Architecture.Ring.Lower;

/// <summary>One of two rooms that use each other, for the test that finds them.</summary>
internal sealed class Cellar
{
    /// <summary>What is above, which a cellar should not know.</summary>
    public Roof? Above { get; init; }
}
