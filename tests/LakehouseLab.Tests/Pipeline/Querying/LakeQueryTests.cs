using LakehouseLab.Delta.Schema;
using LakehouseLab.Tests.Cli;
using LakehouseLab.Tests.Delta;

namespace LakehouseLab.Tests.Pipeline.Querying;

/// <summary>SQL over Delta tables through the command: what is found, in which form, and what is refused.</summary>
public sealed class LakeQueryTests
{
    private static readonly DateTime s_noon = new(2026, 1, 31, 12, 0, 0, 250, DateTimeKind.Utc);

    [Fact]
    public async Task Query_TablesOfALake_AreJoinedByName()
    {
        using SmallTable table = await MakeAsync();
        CommandRun run = await RunAsync(table, "-- silver.nothing\nSELECT a.id, `silver`.t.name FROM silver.t a JOIN \"silver\".\"t\" ON a.id = silver.t.id WHERE a.name <> 'silver.x' ORDER BY 1");
        Assert.Equal("""
            {"id":1,"name":"one"}
            {"id":3,"name":"three"}

            """, run.Data);
    }

    [Fact]
    public async Task Query_VersionsAndColumnsOfLaterVersions_AreAsTheyWere()
    {
        using SmallTable table = await MakeAsync();
        await table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("extra", new PrimitiveType("decimal(38,10)"))));
        string path = table.Folder;
        Assert.Equal("{\"id\":1,\"name\":\"one\",\"at\":\"2026-01-31T12:00:00.25Z\"}\n", (await RunAsync(table, $"FROM delta('{path}', version => 1) ORDER BY id LIMIT 1")).Data);
        Assert.Equal("{\"n\":0,\"c\":3}\n", (await RunAsync(table, $"SELECT count(extra) AS n, count(*) AS c FROM delta('{path}') WHERE delta.extra IS NULL")).Data);
        Assert.Equal("{\"n\":0}\n", (await RunAsync(table, $"SELECT count(*) AS n FROM delta('{path}', version => 0)")).Data);
        CommandRun run = await RunAsync(table, $"FROM delta('{path}', version => 9)");
        Assert.Equal(3, run.Code);
        Assert.Contains("no version 9: the newest is 2", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_Partitions_ComeFromTheLogWhateverTheFilesSay()
    {
        using SmallTable table = new("silver/t");
        await table.CreateAsync(partitions: ["name"]);
        await table.ChangeAsync((transaction, _) =>
        {
            transaction.Add(table.WriteRows("name=it's %2F [x]*?/1.parquet", Partition("it's / [x]*?"), (1, "ignored", s_noon)));
            transaction.Add(table.WriteRows("name=null/1.parquet", Partition(null), (2, "ignored", null)));
            transaction.Add(table.WriteRows("name=empty/1.parquet", Partition(string.Empty), (3, "ignored", null)));
        });
        CommandRun run = await RunAsync(table, "SELECT id, name FROM silver.t ORDER BY id");
        Assert.Equal("{\"id\":1,\"name\":\"it's / [x]*?\"}\n{\"id\":2,\"name\":null}\n{\"id\":3,\"name\":null}\n", run.Data);
    }

    [Fact]
    public async Task Query_Values_AreWrittenExactly()
    {
        using SmallTable table = new();
        CommandRun run = await RunAsync(table, """
            SELECT 12345678901234567890123456789012345678::DECIMAL(38,0) AS big, -0.0050::DECIMAL(15,4) AS small, 9007199254740993 AS long,
                DATE '0001-01-01' AS day, TIMESTAMPTZ '1969-12-31 23:59:59.999999Z' AS instant, TIMESTAMP '2026-01-01' AS local, '\x00\xFF'::BLOB AS bytes,
                [1, NULL] AS list, {'a': {'b': 'ü"'}} AS nested, MAP {'k': 1.5} AS words, MAP {1: 'x'} AS pairs, true AS yes, 'nan'::DOUBLE AS nan, NULL AS nothing
            """);
        Assert.Equal(
            """{"big":12345678901234567890123456789012345678,"small":-0.0050,"long":9007199254740993,"day":"0001-01-01","instant":"1969-12-31T23:59:59.999999Z","local":"2026-01-01T00:00:00","bytes":"AP8=","list":[1,null],"nested":{"a":{"b":"ü\""}},"words":{"k":1.5},"pairs":[{"key":1,"value":"x"}],"yes":true,"nan":"NaN","nothing":null}""" + "\n",
            run.Data);
    }

    [Fact]
    public async Task Query_CsvAndTable_AreWrittenForTheirReaders()
    {
        using SmallTable table = new();
        const string Sql = "SELECT * FROM (VALUES (1, 'a,\"b'), (NULL, NULL), (22, '')) t(n, s)";
        Assert.Equal("n,s\r\n1,\"a,\"\"b\"\r\n,\r\n22,\"\"\r\n", (await RunAsync(table, Sql, "csv")).Data);
        Assert.Equal(" n  s\n 1  a,\"b\n\n22\n", (await RunAsync(table, Sql, "table")).Data);
    }

    [Theory]
    [InlineData("COPY (SELECT 1) TO '/tmp/x'", "'COPY' begins no query")]
    [InlineData("EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/x'", "'COPY' begins no query")]
    [InlineData("ATTACH 'x.db'", "'ATTACH' begins no query")]
    [InlineData("SELECT 1; DROP TABLE x", "more than one statement")]
    [InlineData(" -- nothing", "the statement is empty")]
    [InlineData("SELECT 'open", "the quote ' at character 8 does not end")]
    [InlineData("SELECT * FROM read_text('/etc/hostname')", "file system operations are disabled")]
    [InlineData("SELECT * FROM '/etc/hostname.csv'", "SQL: ")]
    [InlineData("SELECT foo FROM (SELECT 1 AS bar)", "Referenced column \"foo\" not found")]
    [InlineData("SELECT CAST(x AS INT) FROM (VALUES ('1'), ('b')) t(x)", "Could not convert string 'b' to INT32")]
    [InlineData("SELECT * FROM silver.nothing", "has no table silver.nothing: it has silver.t")]
    [InlineData("SELECT * FROM delta(3)", "delta needs the table's folder as a text")]
    [InlineData("SELECT * FROM delta('x', verson => 3)", "delta has no argument 'verson'")]
    [InlineData("SELECT * FROM delta('x', timestamp => 'soon')", "timestamp => 'soon'")]
    [InlineData("SELECT * FROM delta('x'", "delta( does not end")]
    public async Task Query_WrongStatement_IsRefusedInOneLine(string sql, string expected)
    {
        using SmallTable table = await MakeAsync();
        CommandRun run = await RunAsync(table, sql);
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Data);
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Query_DataFileIsDamaged_IsAFailureThatNamesIt()
    {
        using SmallTable table = await MakeAsync();
        string file = Path.Combine(table.Folder, "b.parquet");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..50], TestContext.Current.CancellationToken);
        CommandRun run = await RunAsync(table, "SELECT * FROM silver.t");
        Assert.Equal(3, run.Code);
        Assert.Contains("b.parquet", run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Tables_AndHistory_TellOfTheTable()
    {
        using SmallTable table = await MakeAsync();
        string lake = table.Store.Root;
        CommandRun tables = await CommandRun.OfAsync(["tables", "--lake", lake]);
        Assert.Matches(@"silver +t +1 +3 +2 +\d", tables.Data);
        CommandRun history = await CommandRun.OfAsync(["history", "silver.t", "--lake", lake, "--json"]);
        Assert.Contains("\"files_added\": 2", history.Data, StringComparison.Ordinal);
        CommandRun wrong = await CommandRun.OfAsync(["history", "silver.u", "--lake", lake]);
        Assert.Equal(2, wrong.Code);
        CommandRun vacuum = await CommandRun.OfAsync(["vacuum", "--dry-run", "--lake", lake]);
        Assert.Matches(@"silver\.t +0 +0 B", vacuum.Data);
    }

    private static async Task<SmallTable> MakeAsync()
    {
        SmallTable table = new("silver/t");
        await table.CreateAsync();
        await table.ChangeAsync((transaction, _) =>
        {
            transaction.Add(table.WriteRows("a.parquet", null, (1, "one", s_noon), (2, null, null)));
            transaction.Add(table.WriteRows("b.parquet", null, (3, "three", s_noon.AddDays(1))));
        });
        return table;
    }

    private static Dictionary<string, string?> Partition(string? name) => new() { ["name"] = name };

    private static Task<CommandRun> RunAsync(SmallTable table, string sql, string format = "json") =>
        CommandRun.OfAsync(["query", sql, "--format", format, "--lake", table.Store.Root]);
}
