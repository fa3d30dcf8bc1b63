using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Pipeline.Testing;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Pipeline.Testing;

public sealed class UnitTestFileTests
{
    [Fact]
    public void Read_RowsInYamlAndInACsvFile_GivesThemWithTheirPlaces()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("people.csv"), "user_id,name\n1,\"Ada, Countess\"\n2,\n");
        UnitTest test = Assert.Single(Read(folder, """
            unit_tests:
              - name: joins people
                model: gold.people
                given:
                  - input: silver.transactions
                    rows:
                      - {user_id: 1, merchant: ~}
                      - {user_id: 2, merchant: 'null', amount: 12.50}
                  - input: silver.user_profiles
                    file: people.csv
                expect:
                  rows: []
            """));

        FixtureRows payments = test.Given[new TableName("silver", "transactions")];
        Assert.Equal(["user_id", "merchant", "amount"], payments.Columns);
        Assert.Null(payments.Rows[0].Values["merchant"]);
        Assert.Equal("null", payments.Rows[1].Values["merchant"]);
        Assert.Equal("t.yaml, line 8", payments.Rows[1].Place);
        FixtureRows people = test.Given[new TableName("silver", "user_profiles")];
        Assert.Equal("Ada, Countess", people.Rows[0].Values["name"]);
        Assert.Null(people.Rows[1].Values["name"]);
        Assert.Equal("people.csv, line 3", people.Rows[1].Place);
        Assert.Empty(test.Expected!.Rows);
        Assert.Equal("t.yaml, line 2", test.Place);
    }

    [Theory]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    expects: {}\n", "t.yaml, line 4: 'expects' is not a key of a unit test: allowed are name, model, given, expect")]
    [InlineData("unit_tests:\n  - name: a\n    model: x\n    expect: {rows: []}\n", "t.yaml, line 3: 'x' is not a table: write LAYER.NAME, such as silver.transactions")]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    expect: {}\n", "t.yaml, line 4: the test 'a' expects nothing: give rows, a file, quarantine or failure")]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    expect: {rows: [], failure: no}\n", "t.yaml, line 4: the test 'a' expects rows and a failure: a model that fails leaves its table as it was")]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    expect: {rows: [], file: a.csv}\n", "t.yaml, line 4: there are rows and a file: give one of the two")]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    expect: {file: a.csv}\n", "t.yaml, line 4: there is no file 'a.csv' beside the test: put it there, or give rows")]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    given: [{input: gold.y}]\n    expect: {rows: []}\n", "t.yaml, line 4: there are no rows: give rows or the file of a CSV")]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    given: [{input: gold.y, rows: []}, {input: gold.y, rows: []}]\n    expect: {rows: []}\n", "t.yaml, line 4: gold.y is given twice: put its rows together")]
    [InlineData("unit_tests:\n  - name: a\n    model: gold.x\n    expect: {rows: [1]}\n", "t.yaml, line 4: a row is {column: value, …}")]
    [InlineData("unit_tests: [\n", "t.yaml, line 2: it is not YAML: ")]
    public void Read_AWrongFile_NamesFileAndLine(string text, string message)
    {
        using TemporaryFolder folder = new();
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => Read(folder, text));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "rows.csv: it is empty: its first line names the columns")]
    [InlineData("a,a\n1,2\n", "rows.csv: a column is named twice")]
    [InlineData("a,b\n1\n", "rows.csv, line 2: there are 1 fields for 2 columns")]
    [InlineData("a,b\n\"1,2\n", "rows.csv, line 2: it is not CSV: write one row a line, values with commas or quotes in double quotes")]
    public void Read_AWrongCsvFile_NamesFileAndLine(string csv, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("rows.csv"), csv);
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => Read(folder, "unit_tests:\n  - name: a\n    model: gold.x\n    expect: {file: rows.csv}\n"));
        Assert.Equal(message, refusal.Message);
    }

    private static IReadOnlyList<UnitTest> Read(TemporaryFolder folder, string text) => new UnitTestFile(folder.Combine("t.yaml"), "t.yaml").Read(text);
}
