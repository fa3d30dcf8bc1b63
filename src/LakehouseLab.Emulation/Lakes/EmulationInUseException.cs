using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>An emulation was asked for that another process delivers at the moment.</summary>
/// <param name="message">One line for the user.</param>
public sealed class EmulationInUseException(string message) : InvalidRequestException(message);
