using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>What the tests of models showed.</summary>
/// <param name="Tests">The tests in order.</param>
public sealed record TestReport(IReadOnlyList<TestOutcome> Tests)
{
    /// <summary>How many failed.</summary>
    public int Failed => Tests.Count(test => test.Problem is not null);
}

/// <summary>What one test showed.</summary>
/// <param name="Model">The model's table.</param>
/// <param name="Name">What it should show.</param>
/// <param name="Place">Where it is written; null for a comparison of increments with a full run, which is written nowhere.</param>
/// <param name="Problem">What is otherwise, in one sentence; null when it passed.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record TestOutcome(string Model, string Name, string? Place, string? Problem, double Seconds);

/// <summary>JSON of tests' reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TestReport))]
public sealed partial class TestDocuments : JsonSerializerContext;
