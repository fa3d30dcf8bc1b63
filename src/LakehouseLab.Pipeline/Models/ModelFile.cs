using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LakehouseLab.Pipeline.Dialect.Syntax;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Requests;
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

    private static readonly string[] s_expectationKeys = ["name", "check", "on_violation", "tolerance", "warn", "fail"];

    /// <summary>Reads a model.</summary>
    /// <param name="table">Its table, from the file's folder and name.</param>
    /// <param name="text">The file.</param>
    /// <param name="file">The file's path, as a user knows it; null for a model that comes with the program.</param>
    /// <exception cref="ModelException">The model is wrong; the message names it, its file and every problem with its line.</exception>
    public static Model Parse(TableName table, string text, string? file = null)
    {
        string name = $"model {table} ({file ?? Model.FileOf(table)})";
        int start = text.IndexOf(HeaderStart, StringComparison.Ordinal) + HeaderStart.Length;
        int end = text.IndexOf(HeaderEnd, StringComparison.Ordinal);
        if (!text.TrimStart().StartsWith(HeaderStart, StringComparison.Ordinal) || end < 0)
        {
            throw ModelProblem.Refuse(name, [new ModelProblem(1, $"it does not begin with a header in {HeaderStart} {HeaderEnd}")]);
        }

        int before = SqlText.LineOf(text, start) - 1;
        int query = end + HeaderEnd.Length;
        query += text[query..].Length - text[query..].TrimStart().Length;
        int firstLine = SqlText.LineOf(text, Math.Min(query, text.Length));
        try
        {
            Model model = SchemaColumns.Complete(Make(table, HeaderReader.Read(text[start..end]), ModelSql.Parse(text[query..].TrimEnd(), firstLine), before) with
            {
                Definition = Checksum(text),
                File = file ?? Model.FileOf(table),
                Origin = file,
            });
            ModelProblem[] problems = [.. ModelRules.Check(model)];
            return problems.Length == 0 ? model : throw ModelProblem.Refuse(name, problems);
        }
        catch (YamlException exception)
        {
            throw ModelProblem.Refuse(name, [new ModelProblem(before + (int)exception.Start.Line, $"its header is not YAML: {exception.InnerException?.Message ?? exception.Message}")], exception);
        }
        catch (HeaderException exception)
        {
            throw ModelProblem.Refuse(name, [new ModelProblem(before + exception.Line, exception.Message)], exception);
        }
        catch (SyntaxException exception)
        {
            throw ModelProblem.Refuse(name, [new ModelProblem(firstLine + SqlText.LineOf(text[query..], exception.At) - 1, exception.Message)], exception);
        }
        catch (InvalidRequestException exception)
        {
            throw ModelProblem.Refuse(name, [new ModelProblem(firstLine, exception.Message)], exception);
        }
    }

    private static Model Make(TableName table, HeaderReader header, ModelSql sql, int linesBefore)
    {
        header.RefuseUnknown(s_keys, "a header");
        return new Model(
            table,
            header.Required("description"),
            ReadMaterialization(header),
            [.. header.Mapping("columns").Select(ReadColumn)],
            [.. header.List("key").Select(HeaderReader.TextOf)],
            header.Optional("partition_by"),
            header.Optional("event_time"),
            ReadReach(header),
            [.. header.List("expectations").Select(node => ReadExpectation(node, linesBefore))],
            sql)
        {
            LinesBeforeHeader = linesBefore,
            Lines = s_keys.ToDictionary(static key => key, key => linesBefore + header.LineOf(key)),
        };
    }

    private static string Checksum(string text) =>
        Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));

    private static Materialization ReadMaterialization(HeaderReader header)
    {
        string materialization = header.Required("materialization");
        string? strategy = header.Optional("strategy");
        return (materialization, strategy) switch
        {
            ("table", null) => Materialization.Table,
            ("incremental", "append") => Materialization.Append,
            ("incremental", "merge") => Materialization.Merge,
            ("incremental", "replace_partitions") => Materialization.ReplacePartitions,
            _ => throw new HeaderException(header.LineOf("materialization"), $"materialization '{materialization}' with strategy '{strategy}' is not one of: table; incremental with append, merge or replace_partitions"),
        };
    }

    private static int ReadReach(HeaderReader header)
    {
        if (header.Optional("reach") is not { } text)
        {
            return 0;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days <= LongestReach
            ? days
            : throw new HeaderException(header.LineOf("reach"), string.Create(CultureInfo.InvariantCulture, $"reach: '{text}' is not a whole number of days from 0 to {LongestReach:N0}: write it like 30"));
    }

    private static ModelColumn ReadColumn(KeyValuePair<YamlNode, YamlNode> entry)
    {
        string name = HeaderReader.TextOf(entry.Key);
        if (entry.Value is not YamlSequenceNode { Children: [YamlScalarNode { Value: { } type }, YamlScalarNode { Value: { } description }] })
        {
            throw HeaderReader.Wrong(entry.Key, $"column {name}: write [TYPE, description] or [TYPE NOT NULL, description]");
        }

        bool required = type.EndsWith(NotNull, StringComparison.Ordinal);
        ColumnType parsed = ColumnType.TryParse(required ? type[..^NotNull.Length] : type)
            ?? throw HeaderReader.Wrong(entry.Value, $"column {name}: there is no type '{type}'; allowed are STRING, BIGINT, INT, BOOLEAN, DATE, TIMESTAMP, BINARY and DECIMAL(p,s)");
        return new ModelColumn(name, parsed, !required, description);
    }

    private static Expectation ReadExpectation(YamlNode node, int linesBefore)
    {
        HeaderReader yaml = HeaderReader.Of(node, "an expectation has a name, a check and on_violation");
        yaml.RefuseUnknown(s_expectationKeys, "an expectation");
        string name = yaml.Required("name");
        string action = yaml.Required("on_violation");
        if (!Enum.TryParse(action, ignoreCase: true, out ViolationAction parsed) || char.IsAsciiDigit(action[0]))
        {
            yaml.Refuse("on_violation", $"expectation '{name}': on_violation is '{action}'; allowed are warn, drop, quarantine, fail");
        }

        // What is tolerated ends where the action itself would be: at a failure, or at a finding.
        bool fails = parsed == ViolationAction.Fail;
        string own = fails ? "fail" : "warn";
        if (yaml.Has("tolerance") && yaml.Has(own))
        {
            yaml.Refuse("tolerance", $"expectation '{name}': tolerance and {own} are the same share: give one of the two");
        }

        decimal? tolerance = ReadShare(yaml, name, "tolerance") ?? (parsed is ViolationAction.Warn or ViolationAction.Fail ? 0 : null);
        decimal? warn = ReadShare(yaml, name, "warn") ?? (fails ? null : tolerance);
        decimal? fail = ReadShare(yaml, name, "fail") ?? (fails ? tolerance : null);
        if (fail < warn)
        {
            yaml.Refuse("fail", $"expectation '{name}': it fails at a smaller share ({fail}) than it warns at ({warn}): give a larger one");
        }

        return new Expectation(name, yaml.Required("check"), parsed) { WarnShare = warn, FailShare = fail, Line = linesBefore + yaml.LineOf("check") };
    }

    private static decimal? ReadShare(HeaderReader yaml, string expectation, string key)
    {
        if (yaml.Optional(key) is not { } text)
        {
            return null;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal share) && share <= 1
            ? share
            : throw new HeaderException(yaml.LineOf(key), $"expectation '{expectation}': {key}: '{text}' is not a share from 0 to 1: write 0.05 for five of a hundred rows");
    }
}
