using System.Globalization;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>Tests that keep a Spark server busy for minutes run when the environment asks for them.</summary>
internal static class SparkTrials
{
    /// <summary>So many are the long test; with fewer, tests of many alike steps do some of them.</summary>
    public const int Long = 40;

    private const string Variable = "LAKELAB_SPARK_TRIALS";

    /// <summary>Skips the test unless the environment says how many trials there are to be.</summary>
    /// <returns>How many things the tests of failures kill, one after the other.</returns>
    public static int Require()
    {
        string? stated = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(stated), $"{Variable} is not set: tests that keep Spark busy for minutes run where it says how many trials there are to be");
        return int.Parse(stated!, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
