namespace LakehouseLab.Tests.Pages;

public sealed class ShownOutputTests
{
    [Theory]
    [InlineData("a  b\n", "\n  a b\n\n")]
    [InlineData("took 1.33 s", "took 12.5 s")]
    [InlineData("took 1.33 s", "took 2 min 5 s")]
    [InlineData("took 2 min 5 s", "took 1.33 s")]
    [InlineData("5 rows/s", "1,234.5 rows/s")]
    [InlineData("table rows seconds\nx 5 0.81", "table rows seconds\nx 5 10.02")]
    [InlineData("id … is", "id 17-4 is")]
    [InlineData("a\n…\nd", "a\nb\nc\nd")]
    [InlineData("a\n…", "a\nb\nc")]
    [InlineData("a (b) [c]", "a (b) [c]")]
    public void DifferenceFrom_WhatIsShown_IsNone(string shown, string written) => Assert.Null(new ShownOutput(1, shown).DifferenceFrom(written));

    [Theory]
    [InlineData("a\nb", "a\nc", "line 8 is not what was written: b")]
    [InlineData("a\nb", "a", "line 8 is not what was written: b")]
    [InlineData("a", "a\nb", "more was written than is shown up to line 7")]
    [InlineData("a.c", "abc", "line 7 is not what was written: a.c")]
    [InlineData("5 rows", "6 rows", "line 7 is not what was written: 5 rows")]
    [InlineData("5 sold", "6 sold", "line 7 is not what was written: 5 sold")]
    [InlineData("x 5 0.81", "x 5 0.82", "line 7 is not what was written: x 5 0.81")]
    [InlineData("rows seconds\n5 0.81", "rows seconds\n6 0.81", "line 8 is not what was written: 5 0.81")]
    [InlineData("rows seconds\n\n5 0.81", "rows seconds\n\n5 0.82", "line 9 is not what was written: 5 0.81")]
    [InlineData("a\n…\nd", "a\nd", "line 9 is not what was written: d")]
    public void DifferenceFrom_SomethingElse_NamesTheLine(string shown, string written, string difference) =>
        Assert.Equal(difference, new ShownOutput(7, shown).DifferenceFrom(written));
}
