using LakehouseLab.World.Requests;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>Reads a file of unit tests: a list under <c>unit_tests</c>, in YAML; rows may be in CSV files beside it.</summary>
/// <param name="path">The file's path.</param>
/// <param name="name">Its name in messages.</param>
internal sealed class UnitTestFile(string path, string name)
{
    private const string Tests = "unit_tests";

    private static readonly string[] s_testKeys = ["name", "model", "given", "expect"];
    private static readonly string[] s_givenKeys = ["input", "rows", "file"];
    private static readonly string[] s_expectKeys = ["rows", "file", "quarantine", "failure"];

    /// <summary>Whether a file is one of unit tests: YAML about models may also say other things.</summary>
    public static bool IsOne(string text) => text.Contains(Tests + ":", StringComparison.Ordinal);

    /// <summary>Reads the tests.</summary>
    /// <param name="text">The file.</param>
    /// <exception cref="InvalidRequestException">It is wrong; the message names the file and the line.</exception>
    public IReadOnlyList<UnitTest> Read(string text)
    {
        try
        {
            HeaderReader file = HeaderReader.Read(text);
            file.RefuseUnknown([Tests], "a file of unit tests");
            return [.. file.List(Tests).Select(ReadTest)];
        }
        catch (YamlException exception)
        {
            throw new InvalidRequestException($"{name}, line {exception.Start.Line}: it is not YAML: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
        catch (HeaderException exception)
        {
            throw new InvalidRequestException($"{name}, line {exception.Line}: {exception.Message}", exception);
        }
    }

    private UnitTest ReadTest(YamlNode node)
    {
        HeaderReader test = HeaderReader.Of(node, "a unit test has a name, a model, given rows and expected ones");
        test.RefuseUnknown(s_testKeys, "a unit test");
        string title = test.Required("name");
        Dictionary<TableName, FixtureRows> given = [];
        foreach (YamlNode input in test.List("given"))
        {
            HeaderReader table = HeaderReader.Of(input, "given rows have an input, and rows or a file");
            table.RefuseUnknown(s_givenKeys, "given rows");
            if (!given.TryAdd(ReadTable(table, "input"), ReadRows(table, required: true)!))
            {
                table.Refuse("input", $"{table.Required("input")} is given twice: put its rows together");
            }
        }

        HeaderReader expect = test.Section("expect");
        expect.RefuseUnknown(s_expectKeys, "expect");
        string? failure = expect.Optional("failure");
        FixtureRows? rows = ReadRows(expect, required: false);
        FixtureRows? quarantine = expect.Has("quarantine") ? FromList(expect.List("quarantine")) : null;
        if (failure is null && rows is null && quarantine is null)
        {
            test.Refuse("expect", $"the test '{title}' expects nothing: give rows, a file, quarantine or failure");
        }

        if (failure is not null && (rows ?? quarantine) is not null)
        {
            expect.Refuse("failure", $"the test '{title}' expects rows and a failure: a model that fails leaves its table as it was");
        }

        return new UnitTest(title, ReadTable(test, "model"), $"{name}, line {test.LineOf("name")}", given, rows, quarantine, failure);
    }

    private static TableName ReadTable(HeaderReader yaml, string key)
    {
        string table = yaml.Required(key);
        if (TableName.TryParse(table) is not { } parsed)
        {
            throw new HeaderException(yaml.LineOf(key), $"'{table}' is not a table: write LAYER.NAME, such as silver.transactions");
        }

        return parsed;
    }

    private FixtureRows? ReadRows(HeaderReader yaml, bool required) => (yaml.Has("rows"), yaml.Optional("file")) switch
    {
        (true, null) => FromList(yaml.List("rows")),
        (false, { } file) => CsvRows.Read(Path.Combine(Path.GetDirectoryName(path)!, file), file, $"{name}, line {yaml.LineOf("file")}"),
        (true, not null) => throw new HeaderException(yaml.LineOf("file"), "there are rows and a file: give one of the two"),
        _ => required ? throw new HeaderException(yaml.FirstLine, "there are no rows: give rows or the file of a CSV") : null,
    };

    private FixtureRows FromList(IEnumerable<YamlNode> nodes)
    {
        List<string> columns = [];
        List<FixtureRow> rows = [];
        foreach (YamlNode node in nodes)
        {
            YamlMappingNode row = node as YamlMappingNode ?? throw HeaderReader.Wrong(node, "a row is {column: value, …}");
            Dictionary<string, string?> values = row.Children.ToDictionary(pair => HeaderReader.TextOf(pair.Key), pair => ValueOf(pair.Value), StringComparer.Ordinal);
            columns.AddRange(values.Keys.Except(columns, StringComparer.Ordinal).ToList());
            rows.Add(new FixtureRow($"{name}, line {node.Start.Line}", values));
        }

        return new FixtureRows(columns, rows);
    }

    // YAML's own words for nothing, unless they are quoted.
    private static string? ValueOf(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" } ? null : HeaderReader.TextOf(node);
}
