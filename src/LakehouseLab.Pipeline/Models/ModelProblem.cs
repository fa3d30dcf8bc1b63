using LakehouseLab.Pipeline.Failures;

namespace LakehouseLab.Pipeline.Models;

/// <summary>Something that is wrong with a model's file.</summary>
/// <param name="Line">The file's line, from 1.</param>
/// <param name="Message">What is wrong, and what to write instead.</param>
public sealed record ModelProblem(int Line, string Message)
{
    /// <summary>The refusal of a model.</summary>
    /// <param name="model">The model's table and its file.</param>
    /// <param name="problems">All that is wrong with it, at least one problem.</param>
    /// <param name="cause">What was thrown, if anything.</param>
    internal static ModelException Refuse(string model, IEnumerable<ModelProblem> problems, Exception? cause = null)
    {
        string message = $"{model}: {string.Join("; ", problems.OrderBy(problem => problem.Line))}";
        return cause is null ? new ModelException(message) : new ModelException(message, cause);
    }

    /// <inheritdoc/>
    public override string ToString() => $"line {Line}: {Message.ReplaceLineEndings(" ")}";
}
