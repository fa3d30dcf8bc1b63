using System.CommandLine;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline compile</c>: a model's query with its references resolved.</summary>
internal sealed class PipelineCompileCommand : CommandWithExample
{
    private readonly ValueArgument<string> _model = new("model", "TABLE", "The model's table.", static text => text) { OffersOfModels = KnownTables.ModelNames };

    public PipelineCompileCommand(Surroundings surroundings)
        : base("compile", "Show a model's query with its references resolved.", "lakelab pipeline compile gold.daily_spend")
    {
        Add(_model);
        Add(KnownSettings.Models);
        Runs(surroundings, (call, _) =>
        {
            ModelCatalog catalog = call.LoadModels();
            IReadOnlyList<Model> models = catalog.Select(call.Get(_model));
            foreach (Model model in models)
            {
                call.Surroundings.Text.WriteLine($"-- {model.Table}: {model.Description}");
                call.Surroundings.Text.WriteLine(model.Sql.Compile(static table => table.ToString()));
            }

            return Task.FromResult(ExitCode.Done);
        });
    }
}
