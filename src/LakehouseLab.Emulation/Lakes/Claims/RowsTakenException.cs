using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Lakes.Claims;

/// <summary>Rows were asked for that another emulation of the lake has.</summary>
/// <param name="message">One line for the user.</param>
public sealed class RowsTakenException(string message) : InvalidRequestException(message);
