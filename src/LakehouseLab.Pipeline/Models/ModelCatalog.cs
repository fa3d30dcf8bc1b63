using System.Reflection;
using LakehouseLab.World;

namespace LakehouseLab.Pipeline.Models;

/// <summary>All models, in an order in which each comes after those that it refers to. Immutable.</summary>
public sealed class ModelCatalog
{
    /// <summary>Tables that no model makes and every model may refer to: the runner makes them from the world.</summary>
    public static TableName FxRates { get; } = new("reference", "fx_rates");

    /// <summary>Makes a catalogue.</summary>
    /// <param name="models">The models in any order.</param>
    /// <exception cref="ModelException">A model refers to a table that does not exist, or models refer to each other in a circle.</exception>
    public ModelCatalog(IEnumerable<Model> models)
    {
        Dictionary<TableName, Model> byTable = models.ToDictionary(model => model.Table);
        List<Model> ordered = [];
        HashSet<TableName> done = [FxRates];
        foreach (Model model in byTable.Values.OrderBy(model => model.Table.ToString(), StringComparer.Ordinal))
        {
            Visit(model, byTable, done, [], ordered);
        }

        Models = ordered;
    }

    /// <summary>The models in order.</summary>
    public IReadOnlyList<Model> Models { get; }

    /// <summary>Reads the models that come with the program.</summary>
    /// <exception cref="ModelException">A model is wrong.</exception>
    public static ModelCatalog LoadBuiltIn()
    {
        Assembly assembly = typeof(ModelCatalog).Assembly;
        return new ModelCatalog(assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name =>
            {
                using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);

                // Resources are named models.LAYER.NAME.sql.
                string[] parts = name.Split('.');
                return ModelFile.Parse(new TableName(parts[1], parts[2]), reader.ReadToEnd());
            }));
    }

    /// <summary>The model of a table.</summary>
    /// <returns>It, or null when there is none.</returns>
    public Model? Find(TableName table) => Models.FirstOrDefault(model => model.Table == table);

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
        foreach (string part in selection.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
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
            ? [.. Models.Where(chosen.Contains)]
            : throw new InvalidRequestException("the selection is empty: name a model, such as silver.transactions+");
    }

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

    private static void Visit(Model model, Dictionary<TableName, Model> all, HashSet<TableName> done, List<TableName> path, List<Model> ordered)
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
            Visit(all.TryGetValue(input, out Model? found) ? found : throw new ModelException($"model {model.Table} refers to {input}, which no model makes"), all, done, path, ordered);
        }

        path.RemoveAt(path.Count - 1);
        done.Add(model.Table);
        ordered.Add(model);
    }
}
