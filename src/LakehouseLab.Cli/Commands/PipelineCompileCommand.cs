using System.CommandLine;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>pipeline compile</c>: a model's query with its references resolved.</summary>
internal sealed class PipelineCompileCommand : CommandWithExample
{
    private readonly Argument<string> _model = new("model") { Description = "The model's table.", HelpName = "TABLE" };

    public PipelineCompileCommand(Surroundings surroundings)
        : base("compile", "Show a model's query with its references resolved.", "lakelab pipeline compile gold.daily_spend")
    {
        Add(_model);
        Runs(surroundings, (call, _) =>
        {
            ModelCatalog catalog = ModelCatalog.LoadBuiltIn();
            IReadOnlyList<Model> models = catalog.Select(call.Argument(_model));
            foreach (Model model in models)
            {
                call.Surroundings.Text.WriteLine($"-- {model.Table}: {model.Description}");
                call.Surroundings.Text.WriteLine(model.Sql.Compile(static table => table.ToString()));
            }

            return Task.FromResult(ExitCode.Done);
        });
    }
}
