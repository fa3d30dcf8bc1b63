namespace LakehouseLab.World;

/// <summary>A row was asked for that would lie after the year 9999, the last that RFC 3339 can write.</summary>
public sealed class WorldEndException(string message) : Exception(message);
