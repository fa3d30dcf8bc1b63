namespace LakehouseLab.Server.Requests;

/// <summary>Sets of HTTP methods.</summary>
internal static class Methods
{
    /// <summary>Asks for a document, or for its headers alone.</summary>
    public static readonly string[] Read = ["GET", "HEAD"];
}
