using LakehouseLab.Pipeline.Sql;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Models;

/// <summary>What a model must be like beyond the form of its file, so that the runner can keep its table.</summary>
internal static class ModelRules
{
    // Where a row of Silver comes from: deduplication and quarantine need it.
    private static readonly (string Name, string Type)[] s_lineage =
        [("_batch", "BIGINT"), ("_source", "STRING"), ("_offset", "BIGINT"), ("_ingested_at", "TIMESTAMP")];

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
        ["GROUP"] = "group in a model that refers to this one by ref()",
        ["UNION"] = "put tables together in a model that refers to them by ref()",
        ["INTERSECT"] = "put tables together in a model that refers to them by ref()",
        ["EXCEPT"] = "put tables together in a model that refers to them by ref()",
    };

    /// <summary>Finds all that is wrong with a model.</summary>
    /// <returns>One sentence for each: what, and what to write instead.</returns>
    public static IReadOnlyList<string> Check(Model model)
    {
        List<string> problems = [.. CheckColumns(model), .. CheckExpectations(model)];
        if (model.Sql.Inputs.FirstOrDefault(input => input.Layer is not ("silver" or "gold" or "reference")) is { } other)
        {
            problems.Add($"ref('{other}'): ref() names a table of silver, gold or reference");
        }

        if ((model.Materialization == Materialization.Append) != model.Sql.Source is not null)
        {
            problems.Add("append is for models of a source(), and these are appended");
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

    private static IEnumerable<string> CheckColumns(Model model)
    {
        if (model.Columns.Count == 0)
        {
            yield return "it declares no columns";
        }

        if (model.Key.Count == 0)
        {
            yield return "its key names no column";
        }

        foreach (string name in model.Key.Where(name => Find(model, name) is null))
        {
            yield return $"key: there is no column '{name}'";
        }

        if (model.PartitionBy is { } partition && Find(model, partition) is null)
        {
            yield return $"partition_by: there is no column '{partition}'";
        }

        if (model.EventTime is { } eventTime && Find(model, eventTime) is not { Type.Name: "DATE" or "TIMESTAMP" })
        {
            yield return $"event_time: there is no column '{eventTime}' of type DATE or TIMESTAMP";
        }
    }

    private static IEnumerable<string> CheckExpectations(Model model)
    {
        foreach (Expectation expectation in model.Expectations)
        {
            if (expectation.OnViolation == ViolationAction.Quarantine && model.Materialization != Materialization.Append)
            {
                yield return $"expectation '{expectation.Name}': only models of a source() can quarantine";
            }

            if (expectation.OnViolation == ViolationAction.Drop && model.Materialization == Materialization.Append)
            {
                yield return $"expectation '{expectation.Name}': a model of a source() quarantines rather than drops: no record may be lost";
            }
        }
    }

    private static IEnumerable<string> CheckPartitions(Model model)
    {
        if (model.PartitionBy is null || model.EventTime is null)
        {
            yield return "replace_partitions needs partition_by and event_time";
        }
        else if (Find(model, model.PartitionBy) is not { Type.Name: "DATE", Nullable: false })
        {
            yield return $"partition_by: column {model.PartitionBy} must be DATE NOT NULL, the first day of a month";
        }
    }

    private static IEnumerable<string> CheckSource(Model model, TableName source)
    {
        if (source.Layer != "bronze" || DomainSchemas.All.FirstOrDefault(known => known.Table == source.Name) is not { } domain)
        {
            yield return $"source('{source}'): source() names one of {string.Join(", ", DomainSchemas.All.Select(domain => $"bronze.{domain.Table}"))}";
        }

        else if (!model.Key.SequenceEqual(KeyOf(domain)))
        {
            yield return $"key: records of {source} are deduplicated by {string.Join(" and ", KeyOf(domain))}: write key: [{string.Join(", ", KeyOf(domain))}]";
        }

        foreach ((string name, string type) in s_lineage.Where(column => Find(model, column.Name)?.Type.Name != column.Type))
        {
            yield return $"a model of a source() keeps where its rows come from: select {name} and declare it, {name}: [{type} NOT NULL, …]";
        }

        foreach (SqlToken token in SqlTokenizer.Tokenize(model.Sql.Text).Where(token => token.Kind == SqlTokenKind.Word))
        {
            if (s_notForSources.TryGetValue(token.Value, out string? remedy))
            {
                yield return $"line {SqlText.LineOf(model.Sql.Text, token.Start)}: {token.Value} is not allowed in a model of a source(): {remedy}";
            }
        }
    }

    // Records that replace each other are told apart by when they became valid, whichever field says so.
    private static IEnumerable<string> KeyOf(DomainSchema domain) =>
        domain.ValidFrom is { } fields ? domain.Key.Except(fields).Append("valid_from") : domain.Key;

    private static ModelColumn? Find(Model model, string name) => model.Columns.FirstOrDefault(column => column.Name == name);
}
