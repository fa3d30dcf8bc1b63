namespace LakehouseLab.World.Time;

/// <summary>A row was asked for that would be after the year 9999, the last that RFC 3339 can write.</summary>
public sealed class WorldEndException(string message) : Exception(message);
