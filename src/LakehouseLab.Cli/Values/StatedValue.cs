namespace LakehouseLab.Cli.Values;

/// <summary>A value that somebody stated.</summary>
/// <param name="Value">The value, of the type of its flag, argument or setting.</param>
/// <param name="Origin">The flag, variable or file, as a user knows it.</param>
internal sealed record StatedValue(object? Value, string Origin);
