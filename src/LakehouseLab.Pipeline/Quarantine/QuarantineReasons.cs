namespace LakehouseLab.Pipeline.Quarantine;

/// <summary>The reasons in quarantine that are not the decoder's.</summary>
internal static class QuarantineReasons
{
    /// <summary>A record whose key an earlier record has with another content.</summary>
    public const string Conflict = "conflict with an earlier record of the same key";

    /// <summary>What the reason of a record that breaks an expectation begins with; the expectation's name follows.</summary>
    public const string BrokenExpectation = "expectation broken: ";
}
