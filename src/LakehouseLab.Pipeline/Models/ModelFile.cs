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

    // A century: more would reach everything there is.
    private const int LongestReach = 36_500;

    private static readonly string[] s_keys =
        ["description", "materialization", "strategy", "partition_by", "key", "event_time", "reach", "columns", "expectations"];

    private static readonly string[] s_expectationKeys = ["name", "check", "on_violation", "tolerance"];

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
            Model model = Make(table, yaml, sql, Checksum(text));
            string[] problems = [.. DialectLint.Check(sql.Text), .. ModelRules.Check(model)];
            return problems.Length == 0 ? model : throw new FormatException(string.Join("; ", problems));
        }
        catch (YamlException exception)
        {
            throw Refused(table, $"its header is not YAML, line {exception.Start.Line} of it: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FormatException or InvalidRequestException)
        {
            throw Refused(table, exception.Message, exception);
        }
    }

    private static ModelException Refused(TableName table, string problem, Exception cause) =>
        new($"model {table} ({Model.FileOf(table)}): {problem.ReplaceLineEndings(" ")}", cause);

    private static YamlMappingNode ReadYaml(string text)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(text));
        YamlMappingNode header = yaml.Documents.Count == 1 && yaml.Documents[0].RootNode is YamlMappingNode mapping
            ? mapping
            : throw new FormatException("its header is not a list of 'key: value'");
        RefuseUnknown(header, s_keys, "a header");
        return header;
    }

    private static void RefuseUnknown(YamlMappingNode yaml, string[] known, string of)
    {
        if (yaml.Children.Keys.Select(Text).FirstOrDefault(key => !known.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            throw new FormatException($"'{unknown}' is no key of {of}: allowed are {string.Join(", ", known)}");
        }
    }

    private static Model Make(TableName table, YamlMappingNode yaml, ModelSql sql, string definition) => new(
        table,
        Required(yaml, "description"),
        ReadMaterialization(Required(yaml, "materialization"), Optional(yaml, "strategy")),
        [.. Mapping(yaml, "columns").Select(ReadColumn)],
        [.. List(yaml, "key").Select(Text)],
        Optional(yaml, "partition_by"),
        Optional(yaml, "event_time"),
        Optional(yaml, "reach") is { } reach ? ReadReach(reach) : 0,
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

    private static int ReadReach(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days <= LongestReach
            ? days
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"reach: '{text}' is not a whole number of days from 0 to {LongestReach:N0}: write it like 30"));

    private static decimal ReadTolerance(string expectation, string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal share) && share <= 1
            ? share
            : throw new FormatException($"expectation '{expectation}': tolerance: '{text}' is not a share from 0 to 1: write 0.05 for five of a hundred rows");

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
        RefuseUnknown(yaml, s_expectationKeys, "an expectation");
        string name = Required(yaml, "name");
        string action = Required(yaml, "on_violation");
        return new Expectation(
            name,
            Required(yaml, "check"),
            Enum.TryParse(action, ignoreCase: true, out ViolationAction parsed) && !char.IsAsciiDigit(action[0])
                ? parsed
                : throw new FormatException($"expectation '{name}': on_violation is '{action}'; allowed are warn, drop, quarantine, fail"),
            Optional(yaml, "tolerance") is { } tolerance ? ReadTolerance(name, tolerance) : 0);
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
