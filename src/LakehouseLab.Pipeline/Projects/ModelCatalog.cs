using System.Collections.Concurrent;
using System.Reflection;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Shapes;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Projects;

/// <summary>All models, in an order in which each comes after those that it refers to. Immutable.</summary>
public sealed class ModelCatalog
{
    // Read when they are asked for, and held against the dialect by tests.
    private static readonly ModelCatalog s_builtIn = new(FindBuiltIn());

    private readonly Dictionary<TableName, Lazy<Model>> _byTable;
    private readonly Lazy<IReadOnlyList<Model>> _ordered;

    // Proofs take longer than reading the models, and many commands need none.
    private readonly ConcurrentDictionary<TableName, ModelShape> _shapes = [];

    /// <summary>Makes a catalogue.</summary>
    /// <param name="models">The models in any order.</param>
    /// <exception cref="ModelException">A model refers to a table that does not exist, models refer to each other in a circle, or a
    /// query is wrong; the message names files and lines.</exception>
    public ModelCatalog(IEnumerable<Model> models)
        : this(models.ToDictionary(static model => model.Table, static model => new Lazy<Model>(model))) => Check(Models);

    private ModelCatalog(Dictionary<TableName, Lazy<Model>> byTable)
    {
        _byTable = byTable;
        _ordered = new Lazy<IReadOnlyList<Model>>(() => Order(_byTable.Values.Select(static model => model.Value)));
    }

    /// <summary>The models that come with the program.</summary>
    public static ModelCatalog BuiltIn => s_builtIn;

    /// <summary>The models in order.</summary>
    public IReadOnlyList<Model> Models => _ordered.Value;

    /// <summary>The same with models of a project, which replace those of the same table. One that is the same word for word replaces nothing.</summary>
    /// <param name="own">The project's models.</param>
    /// <exception cref="ModelException">A model refers to a table that does not exist, models refer to each other in a circle, or a
    /// query is wrong; the message names files and lines.</exception>
    public ModelCatalog With(IEnumerable<Model> own)
    {
        Dictionary<TableName, Lazy<Model>> models = new(_byTable);
        HashSet<TableName> changed = [];
        foreach (Model model in own)
        {
            if (!models.TryGetValue(model.Table, out Lazy<Model>? known) || known.Value.Definition != model.Definition)
            {
                models[model.Table] = new Lazy<Model>(model);
                changed.Add(model.Table);
            }
        }

        // What reads a replaced model may miss a column.
        ModelCatalog catalog = new(models);
        catalog.Check(catalog.Models.Where(model => changed.Contains(model.Table) || model.Sql.Inputs.Any(changed.Contains)));
        return catalog;
    }

    /// <summary>The model of a table.</summary>
    /// <returns>The model, or null when there is none.</returns>
    public Model? Find(TableName table) => _byTable.GetValueOrDefault(table)?.Value;

    /// <summary>What is proven of a model's query.</summary>
    internal ModelShape ShapeOf(Model model) => _shapes.GetOrAdd(model.Table, _ => ModelAnalysis.Run(model, Find).Shape);

    /// <summary>Chooses models as dbt does: <c>silver.transactions</c>, with <c>+</c> after it also all that depend on it,
    /// with <c>+</c> before it also all that it depends on; several separated by commas or spaces.</summary>
    /// <param name="selection">The selection, or null for all.</param>
    /// <exception cref="InvalidRequestException">It names no model.</exception>
    public IReadOnlyList<Model> Select(string? selection)
    {
        if (selection is null)
        {
            return Models;
        }

        HashSet<Model> chosen = [];
        foreach (string part in PartsOf(selection))
        {
            Model model = TableName.TryParse(part.Trim('+')) is { } table && Find(table) is { } found
                ? found
                : throw new InvalidRequestException($"'{part}' selects no model: allowed are {string.Join(", ", Models.Select(known => known.Table))}, each with + before or after it");
            chosen.Add(model);
            if (part.EndsWith('+'))
            {
                AddDownstream(model, chosen);
            }

            if (part.StartsWith('+'))
            {
                AddUpstream(model, chosen);
            }
        }

        return chosen.Count > 0
            ? [.. Order(chosen).Where(chosen.Contains)]
            : throw new InvalidRequestException("the selection is empty: name a model, such as silver.transactions+");
    }

    private static Dictionary<TableName, Lazy<Model>> FindBuiltIn()
    {
        Dictionary<TableName, Lazy<Model>> models = [];
        Assembly assembly = typeof(ModelCatalog).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("models.", StringComparison.Ordinal)))
        {
            // Resources are named models.LAYER.NAME.sql.
            string[] parts = name.Split('.');
            TableName table = new(parts[1], parts[2]);
            models.Add(table, new Lazy<Model>(() =>
            {
                using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
                return ModelFile.Parse(table, reader.ReadToEnd());
            }));
        }

        return models;
    }

    // All problems of all models are told at once.
    private void Check(IEnumerable<Model> models)
    {
        List<string> refusals = [];
        foreach (Model model in models)
        {
            ModelAnalysis analysis = ModelAnalysis.Run(model, Find);
            if (analysis.Problems.Count > 0)
            {
                refusals.Add(ModelProblem.Refuse($"model {model.Table} ({model.File})", analysis.Problems).Message);
            }

            _shapes[model.Table] = analysis.Shape;
        }

        if (refusals.Count > 0)
        {
            throw new ModelException(string.Join("; ", refusals));
        }
    }

    /// <summary>Whether a selection names a table itself.</summary>
    internal static bool Names(string? selection, TableName table) => selection is not null && PartsOf(selection).Any(part => part.Trim('+') == table.ToString());

    private static string[] PartsOf(string selection) => selection.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);

    private void AddDownstream(Model model, HashSet<Model> chosen)
    {
        foreach (Model dependent in Models.Where(other => other.Sql.Inputs.Contains(model.Table)))
        {
            chosen.Add(dependent);
            AddDownstream(dependent, chosen);
        }
    }

    private void AddUpstream(Model model, HashSet<Model> chosen)
    {
        foreach (Model input in model.Sql.Inputs.Select(Find).OfType<Model>())
        {
            chosen.Add(input);
            AddUpstream(input, chosen);
        }
    }

    // Some models and all that they are made from, each after its inputs.
    private List<Model> Order(IEnumerable<Model> models)
    {
        List<Model> ordered = [];
        HashSet<TableName> done = [ReferenceTable.FxRates.Table];
        foreach (Model model in models.OrderBy(static model => model.Table.ToString(), StringComparer.Ordinal))
        {
            Visit(model, done, [], ordered);
        }

        return ordered;
    }

    private void Visit(Model model, HashSet<TableName> done, List<TableName> path, List<Model> ordered)
    {
        if (done.Contains(model.Table))
        {
            return;
        }

        if (path.Contains(model.Table))
        {
            throw new ModelException($"models refer to each other in a circle: {string.Join(" → ", path.Append(model.Table))}");
        }

        path.Add(model.Table);
        foreach (TableName input in model.Sql.Inputs.Where(input => !done.Contains(input)))
        {
            Visit(Find(input) ?? throw new ModelException($"model {model.Table} ({model.File}) refers to {input}, which no model makes"), done, path, ordered);
        }

        path.RemoveAt(path.Count - 1);
        done.Add(model.Table);
        ordered.Add(model);
    }
}
