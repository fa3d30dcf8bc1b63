using LakehouseLab.Tests.Architecture.Ring.Lower;

namespace LakehouseLab.Tests.Architecture.Ring.Upper;

/// <summary>The other of the two rooms.</summary>
internal sealed class Roof
{
    /// <summary>What is below.</summary>
    public Cellar? Below { get; init; }
}
