using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Pipeline.Checks;

/// <summary>What models expect of their rows, as conditions.</summary>
internal static class Expectations
{
    /// <summary>The expectations of a model that do some things with rows that break them.</summary>
    public static IReadOnlyList<Expectation> Of(Model model, params ViolationAction[] actions) =>
        [.. model.Expectations.Where(expectation => actions.Contains(expectation.OnViolation))];

    /// <summary>The condition that rows which stay in the table fulfil; null when all stay.</summary>
    /// <param name="model">The model.</param>
    /// <param name="action">What happens with the rows that do not stay.</param>
    public static string? Filter(Model model, ViolationAction action) =>
        Of(model, action) is { Count: > 0 } expectations ? string.Join(" AND ", expectations.Select(static expectation => $"({expectation.Check}) IS NOT FALSE")) : null;

    /// <summary>The condition of rows that break an expectation.</summary>
    public static string Broken(Expectation expectation) => $"({expectation.Check}) IS FALSE";
}
