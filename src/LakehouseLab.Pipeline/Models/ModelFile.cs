using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LakehouseLab.World;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LakehouseLab.Pipeline.Models;

/// <summary>Reads a model's file: a header in YAML within the first <c>/* … */</c>, then one SELECT.</summary>
internal static class ModelFile
{
    private const string HeaderStart = "/*";
    private const string HeaderEnd = "*/";
    private const string NotNull = " NOT NULL";

    private static readonly string[] s_keys =
        ["description", "materialization", "strategy", "partition_by", "key", "event_time", "reach", "columns", "expectations"];

    /// <summary>Reads a model.</summary>
    /// <param name="table">Its table, from the file's folder and name.</param>
    /// <param name="text">The file.</param>
    /// <exception cref="ModelException">The model is wrong; the message names it and every problem.</exception>
    public static Model Parse(TableName table, string text)
    {
        try
        {
            int end = text.IndexOf(HeaderEnd, StringComparison.Ordinal);
            if (!text.TrimStart().StartsWith(HeaderStart, StringComparison.Ordinal) || end < 0)
            {
                throw new FormatException($"it does not begin with a header in {HeaderStart} {HeaderEnd}");
            }

            int start = text.IndexOf(HeaderStart, StringComparison.Ordinal) + HeaderStart.Length;
            YamlMappingNode yaml = ReadYaml(text[start..end]);
            ModelSql sql = ModelSql.Parse(text[(end + HeaderEnd.Length)..].Trim());
            IReadOnlyList<string> problems = DialectLint.Check(sql.Text);
            return problems.Count == 0 ? Check(Make(table, yaml, sql, Checksum(text))) : throw new FormatException(string.Join("; ", problems));
        }
        catch (Exception exception) when (exception is FormatException or YamlException or InvalidRequestException)
        {
            throw new ModelException($"model {table}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static YamlMappingNode ReadYaml(string text)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(text));
        YamlMappingNode header = yaml.Documents.Count == 1 && yaml.Documents[0].RootNode is YamlMappingNode mapping
            ? mapping
            : throw new FormatException("its header is no list of 'key: value'");
        string? unknown = header.Children.Keys.Select(Text).FirstOrDefault(key => !s_keys.Contains(key, StringComparer.Ordinal));
        return unknown is null ? header : throw new FormatException($"'{unknown}' is no key of a header: allowed are {string.Join(", ", s_keys)}");
    }

    private static Model Make(TableName table, YamlMappingNode yaml, ModelSql sql, string definition) => new(
        table,
        Required(yaml, "description"),
        ReadMaterialization(Required(yaml, "materialization"), Optional(yaml, "strategy")),
        [.. Mapping(yaml, "columns").Select(ReadColumn)],
        [.. List(yaml, "key").Select(Text)],
        Optional(yaml, "partition_by"),
        Optional(yaml, "event_time"),
        Optional(yaml, "reach") is { } reach ? int.Parse(reach, NumberStyles.None, CultureInfo.InvariantCulture) : 0,
        [.. List(yaml, "expectations").Select(ReadExpectation)],
        sql,
        definition);

    private static string Checksum(string text) =>
        Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));

    private static Materialization ReadMaterialization(string materialization, string? strategy) => (materialization, strategy) switch
    {
        ("table", null) => Materialization.Table,
        ("incremental", "append") => Materialization.Append,
        ("incremental", "merge") => Materialization.Merge,
        ("incremental", "replace_partitions") => Materialization.ReplacePartitions,
        _ => throw new FormatException($"materialization '{materialization}' with strategy '{strategy}' is not one of: table; incremental with append, merge or replace_partitions"),
    };

    private static ModelColumn ReadColumn(KeyValuePair<YamlNode, YamlNode> entry)
    {
        string name = Text(entry.Key);
        if (entry.Value is not YamlSequenceNode { Children: [YamlScalarNode { Value: { } type }, YamlScalarNode { Value: { } description }] })
        {
            throw new FormatException($"column {name}: write [TYPE, description] or [TYPE NOT NULL, description]");
        }

        bool required = type.EndsWith(NotNull, StringComparison.Ordinal);
        ColumnType parsed = ColumnType.TryParse(required ? type[..^NotNull.Length] : type)
            ?? throw new FormatException($"column {name}: there is no type '{type}'; allowed are STRING, BIGINT, INT, BOOLEAN, DATE, TIMESTAMP, BINARY and DECIMAL(p,s)");
        return new ModelColumn(name, parsed, !required, description);
    }

    private static Expectation ReadExpectation(YamlNode node)
    {
        YamlMappingNode yaml = node as YamlMappingNode ?? throw new FormatException("an expectation has a name, a check and on_violation");
        string name = Required(yaml, "name");
        string action = Required(yaml, "on_violation");
        return new Expectation(
            name,
            Required(yaml, "check"),
            Enum.TryParse(action, ignoreCase: true, out ViolationAction parsed) && !char.IsAsciiDigit(action[0])
                ? parsed
                : throw new FormatException($"expectation '{name}': on_violation is '{action}'; allowed are warn, drop, quarantine, fail"),
            Optional(yaml, "tolerance") is { } tolerance ? double.Parse(tolerance, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0);
    }

    private static Model Check(Model model)
    {
        List<string> problems = [];
        void Require(bool condition, string problem)
        {
            if (!condition)
            {
                problems.Add(problem);
            }
        }

        bool Has(string name) => model.Columns.Any(column => column.Name == name);
        Require(model.Columns.Count > 0, "it declares no columns");
        Require(model.Key.Count > 0 && model.Key.All(Has), "its key must be declared columns");
        Require(model.PartitionBy is null || Has(model.PartitionBy), $"partition_by: there is no column '{model.PartitionBy}'");
        Require(model.EventTime is null || Has(model.EventTime), $"event_time: there is no column '{model.EventTime}'");
        Require((model.Materialization == Materialization.Append) == model.Sql.Source is not null, "append is for models of a source(), and these are appended");
        Require(model.Materialization != Materialization.ReplacePartitions || (model.PartitionBy is not null && model.EventTime is not null), "replace_partitions needs partition_by and event_time");
        Require(model.Materialization == Materialization.Append || model.Expectations.All(expectation => expectation.OnViolation != ViolationAction.Quarantine), "only models of a source() can quarantine");
        Require(model.Materialization != Materialization.Append || model.Expectations.All(expectation => expectation.OnViolation != ViolationAction.Drop), "a model of a source() quarantines rather than drops: no record may be lost");
        Require(model.Sql.Inputs.All(input => input.Layer is "silver" or "gold" or "reference"), "ref() names a table of silver, gold or reference");
        return problems.Count == 0 ? model : throw new FormatException(string.Join("; ", problems));
    }

    private static string Required(YamlMappingNode yaml, string key) => Optional(yaml, key) ?? throw new FormatException($"'{key}' is missing");

    private static string? Optional(YamlMappingNode yaml, string key) =>
        yaml.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? Text(value) : null;

    private static IEnumerable<YamlNode> List(YamlMappingNode yaml, string key) =>
        !yaml.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? []
        : (value as YamlSequenceNode)?.Children ?? throw new FormatException($"'{key}' must be a list");

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Mapping(YamlMappingNode yaml, string key) =>
        !yaml.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? []
        : (value as YamlMappingNode)?.Children ?? throw new FormatException($"'{key}' must be a list of 'name: value'");

    private static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? throw new FormatException($"'{node}' must be one value");
}
