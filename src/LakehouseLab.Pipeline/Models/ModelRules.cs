using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Models;

/// <summary>What a model must be like beyond the form of its file, so that the runner can keep its table.</summary>
internal static class ModelRules
{
    // What gives other than one row for each record, with what to do instead.
    private static readonly Dictionary<string, string> s_notForSources = new(StringComparer.OrdinalIgnoreCase)
    {
        ["WHERE"] = "write an expectation with on_violation: quarantine, so that no record is lost",
        ["HAVING"] = "write an expectation with on_violation: quarantine, so that no record is lost",
        ["QUALIFY"] = "records are deduplicated by the model's key",
        ["DISTINCT"] = "records are deduplicated by the model's key",
        ["LIMIT"] = "each record gives one row",
        ["OFFSET"] = "each record gives one row",
        ["TABLESAMPLE"] = "each record gives one row",
        ["JOIN"] = "join in a model that refers to this one by ref()",
        ["OVER"] = "compute windows in a model that refers to this one by ref()",
        ["GROUP"] = "group in a model that refers to this one by ref()",
        ["UNION"] = "put tables together in a model that refers to them by ref()",
        ["INTERSECT"] = "put tables together in a model that refers to them by ref()",
        ["EXCEPT"] = "put tables together in a model that refers to them by ref()",
    };

    /// <summary>Finds all that is wrong with a model.</summary>
    public static IReadOnlyList<ModelProblem> Check(Model model)
    {
        List<ModelProblem> problems = [.. CheckColumns(model), .. CheckExpectations(model)];
        if (model.Sql.Inputs.FirstOrDefault(input => input.Layer is not ("silver" or "gold" or "reference")) is { } other)
        {
            problems.Add(new ModelProblem(model.Sql.FirstLine, $"ref('{other}'): ref() names a table of silver, gold or reference"));
        }

        if ((model.Materialization == Materialization.Append) != model.Sql.Source is not null)
        {
            problems.Add(At(model, "materialization", "append is for models of a source(), and these are appended"));
        }
        else if (model.Sql.Source is { } source)
        {
            problems.AddRange(CheckSource(model, source));
        }

        if (model.Materialization == Materialization.ReplacePartitions)
        {
            problems.AddRange(CheckPartitions(model));
        }

        return problems;
    }

    private static IEnumerable<ModelProblem> CheckColumns(Model model)
    {
        if (model.Columns.Count == 0)
        {
            yield return At(model, "columns", "it declares no columns");
        }

        if (model.Key.Count == 0)
        {
            yield return At(model, "key", "its key names no column");
        }

        foreach (string name in model.Key.Where(name => Find(model, name) is null))
        {
            yield return At(model, "key", $"key: there is no column '{name}'");
        }

        if (model.PartitionBy is { } partition && Find(model, partition) is null)
        {
            yield return At(model, "partition_by", $"partition_by: there is no column '{partition}'");
        }

        if (model.PartitionBy is not null && model.Materialization is Materialization.Merge or Materialization.Append)
        {
            yield return At(model, "partition_by", "partition_by is for materialization: table and for replace_partitions: leave it out");
        }
        else if (model.PartitionBy is { } parts && Find(model, parts) is { } column && column.Type.Name is not ("DATE" or "STRING"))
        {
            yield return At(model, "partition_by", $"partition_by: column {parts} must be DATE or STRING");
        }

        if (model.EventTime is { } time && Find(model, time) is { Nullable: true })
        {
            yield return At(model, "event_time", $"event_time: column {time} must be NOT NULL, since a row without a time belongs to no day");
        }

        if (model.EventTime is { } eventTime && Find(model, eventTime) is not { Type.Name: "DATE" or "TIMESTAMP" })
        {
            yield return At(model, "event_time", $"event_time: there is no column '{eventTime}' of type DATE or TIMESTAMP");
        }
    }

    private static IEnumerable<ModelProblem> CheckExpectations(Model model)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (Expectation expectation in model.Expectations)
        {
            if (!names.Add(expectation.Name))
            {
                yield return new ModelProblem(expectation.Line, $"expectation '{expectation.Name}': another one has that name, by which broken rows are counted: give each its own");
            }

            if (expectation.OnViolation == ViolationAction.Quarantine && model.Materialization != Materialization.Append)
            {
                yield return new ModelProblem(expectation.Line, $"expectation '{expectation.Name}': only models of a source() can quarantine");
            }

            if (expectation.OnViolation == ViolationAction.Drop && model.Materialization == Materialization.Append)
            {
                yield return new ModelProblem(expectation.Line, $"expectation '{expectation.Name}': a model of a source() quarantines rather than drops: no record may be lost");
            }
        }
    }

    private static IEnumerable<ModelProblem> CheckPartitions(Model model)
    {
        if (model.PartitionBy is null || model.EventTime is null)
        {
            yield return At(model, "materialization", "replace_partitions needs partition_by and event_time");
        }
        else if (Find(model, model.PartitionBy) is not { Type.Name: "DATE", Nullable: false })
        {
            yield return At(model, "partition_by", $"partition_by: column {model.PartitionBy} must be DATE NOT NULL, a day of event_time's month: its first, or the day itself");
        }
    }

    private static IEnumerable<ModelProblem> CheckSource(Model model, TableName source)
    {
        if (SchemaColumns.DomainOf(source) is not { } domain)
        {
            yield return new ModelProblem(model.Sql.FirstLine, $"source('{source}'): source() names one of {string.Join(", ", Domain.All.Select(domain => $"bronze.{domain.Table}"))}");
        }

        else if (!model.Key.SequenceEqual(KeyOf(domain)))
        {
            yield return At(model, "key", $"key: records of {source} are deduplicated by {string.Join(" and ", KeyOf(domain))}: write key: [{string.Join(", ", KeyOf(domain))}]");
        }

        foreach (SqlToken token in SqlTokenizer.Tokenize(model.Sql.Text).Where(token => token.Kind == SqlTokenKind.Word))
        {
            if (s_notForSources.TryGetValue(token.Value, out string? remedy))
            {
                yield return new ModelProblem(model.Sql.LineOf(token.Start), $"{token.Value} is not allowed in a model of a source(): {remedy}");
            }
        }
    }

    private static IEnumerable<string> KeyOf(Domain domain) =>
        domain.Key.Columns.Select(column => column.Name);

    private static ModelProblem At(Model model, string key, string message) => new(model.Lines.GetValueOrDefault(key, 1), message);

    private static ModelColumn? Find(Model model, string name) => model.Columns.FirstOrDefault(column => column.Name == name);
}
