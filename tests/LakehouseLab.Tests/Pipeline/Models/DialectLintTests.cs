using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Tests.Pipeline.Models;

public sealed class DialectLintTests
{
    [Theory]
    [InlineData("SELECT avg(amount) FROM t", "avg()")]
    [InlineData("SELECT STDDEV(amount) FROM t", "STDDEV()")]
    [InlineData("SELECT * EXCLUDE (x) FROM t", "EXCLUDE")]
    [InlineData("SELECT a // b FROM t", "//")]
    [InlineData("SELECT a::INT FROM t", "::")]
    [InlineData("SELECT 1; SELECT 2", ";")]
    [InlineData("SELECT now() FROM t", "now()")]
    [InlineData("SELECT CURRENT_TIMESTAMP FROM t", "CURRENT_TIMESTAMP")]
    [InlineData("SELECT day + INTERVAL 1 MONTH FROM t", "months")]
    [InlineData("SELECT CAST(a AS DOUBLE) FROM t", "DOUBLE")]
    [InlineData("SELECT `a` FROM t", "`")]
    [InlineData("SELECT first(a ORDER BY b) FROM t", "first()")]
    [InlineData("MERGE INTO t USING s ON TRUE", "MERGE")]
    [InlineData("SELECT * FROM read_parquet('x')", "read_parquet()")]
    public void Check_WhatEnginesDoDifferently_IsRefusedByName(string sql, string named)
    {
        string problem = Assert.Single(DialectLint.Check(sql));
        Assert.Contains(named, problem, StringComparison.Ordinal);
        Assert.StartsWith("line 1: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT sum(amount), count(*) FROM t -- avg() of old")]
    [InlineData("SELECT 'avg(x) // :: ;' AS text FROM t")]
    [InlineData("SELECT t.first, \"mode\" FROM t")]
    [InlineData("SELECT a / b, day + INTERVAL 1 DAY FROM t /* EXCLUDE */")]
    public void Check_TextsCommentsAndColumns_AreNoCalls(string sql) => Assert.Empty(DialectLint.Check(sql));

    [Fact]
    public void Check_SeveralLines_TellsEach()
    {
        IReadOnlyList<string> problems = DialectLint.Check("SELECT avg(a),\n  median(b)\nFROM t");
        Assert.Equal(["line 1: ", "line 2: "], problems.Select(problem => problem[..8]));
    }
}
