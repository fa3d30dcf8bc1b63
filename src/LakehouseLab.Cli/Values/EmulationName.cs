using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Ids of emulations.</summary>
internal static class EmulationName
{
    /// <summary>Reads an id.</summary>
    /// <exception cref="InvalidRequestException">It is not a UUID.</exception>
    public static Guid Parse(string text) =>
        Guid.TryParseExact(text.Trim(), "D", out Guid id)
            ? id
            : throw new InvalidRequestException("is not an emulation: write its id as the manifest names it, such as 8d3f6f0e-5c3a-8b1e-9f00-3a2b1c0d4e5f");
}
