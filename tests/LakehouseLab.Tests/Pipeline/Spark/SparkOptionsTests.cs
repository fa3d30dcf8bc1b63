using LakehouseLab.Pipeline.Spark;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Pipeline.Spark;

/// <summary>What a user writes of a Spark server is read once, and refused with value, expectation and remedy.</summary>
public sealed class SparkOptionsTests
{
    private const string Remote = "sc://spark.example:15002";

    [Theory]
    [InlineData("", null)]
    [InlineData("spark_catalog", "spark_catalog")]
    [InlineData("main-2", "main-2")]
    public void Parse_Catalog_IsItsNameOrNone(string text, string? catalog) =>
        Assert.Equal(catalog, SparkOptions.Parse(Remote, "auto", text).Catalog);

    [Theory]
    [InlineData("main.silver")]
    [InlineData("`main`")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void Parse_CatalogThatIsNotAName_IsRefused(string text)
    {
        InvalidRequestException refused = Assert.Throws<InvalidRequestException>(() => SparkOptions.Parse(Remote, "auto", text));
        Assert.Equal($"catalog: '{text}' is not a catalog's name: give the name alone, like spark_catalog; schemas and tables are named as in the lake", refused.Message);
    }

    [Theory]
    [InlineData("file:/lake/silver/t", "file:///lake/silver/t", true)]
    [InlineData("file:///lake/silver/t", "file:///lake/silver/t", true)]
    [InlineData("s3a://lake/silver/t", "s3a://lake/silver/t", true)]
    [InlineData("s3a://other/silver/t", "s3a://lake/silver/t", false)]
    [InlineData("file:/other/silver/t", "file:///lake/silver/t", false)]
    public void AreSame_SpellingsOfPlaces_AreToldApartByWhatTheyMean(string registered, string place, bool same) =>
        Assert.Equal(same, SparkPlaces.AreSame(registered, place));
}
