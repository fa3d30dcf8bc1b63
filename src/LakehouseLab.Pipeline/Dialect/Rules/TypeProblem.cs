namespace LakehouseLab.Pipeline.Dialect.Rules;

/// <summary>Engines do not agree on an expression.</summary>
/// <param name="message">What it is, and what to write instead.</param>
internal sealed class TypeProblem(string message) : Exception(message);
