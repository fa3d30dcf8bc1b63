using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>What a model makes of some rows.</summary>
/// <param name="Name">What it shows, in a few words.</param>
/// <param name="Model">The model's table.</param>
/// <param name="Place">Where it is written, for messages.</param>
/// <param name="Given">The rows of its inputs; inputs that are not among them are empty.</param>
/// <param name="Expected">The rows of its table, in any order, in the columns that they state; null when they are not looked at.</param>
/// <param name="Quarantine">The records that go to <c>silver.quarantine</c>, likewise.</param>
/// <param name="Failure">A part of the message with which the model fails; null when it succeeds.</param>
internal sealed record UnitTest(
    string Name, TableName Model, string Place, IReadOnlyDictionary<TableName, FixtureRows> Given, FixtureRows? Expected, FixtureRows? Quarantine, string? Failure);
