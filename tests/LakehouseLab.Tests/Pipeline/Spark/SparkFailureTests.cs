using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Spark;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.Tests.Pipeline.Spark;

/// <summary>What Spark says becomes one line, and a failure for a value is told from one of the query.</summary>
public sealed class SparkFailureTests
{
    [Fact]
    public void Of_ValueWrappedByDelta_IsTheInnermostNamedErrorInOneLine()
    {
        SparkStatementException exception = new(
        [
            new SparkCause("org.apache.spark.SparkException", "[TASK_WRITE_FAILED] Task failed while writing rows to file:/lake. SQLSTATE: 58030", "TASK_WRITE_FAILED", "58030"),
            new SparkCause("org.apache.spark.SparkArithmeticException", "[NUMERIC_VALUE_OUT_OF_RANGE] 1234 cannot be represented as Decimal(3, 0). SQLSTATE: 22003\n== SQL ==\nSELECT", "NUMERIC_VALUE_OUT_OF_RANGE", "22003"),
            new SparkCause("java.lang.RuntimeException", "stack"),
        ]);
        EngineException failure = Assert.IsType<EngineException>(SparkFailure.Of(exception));
        Assert.Equal("1234 cannot be represented as Decimal(3, 0)", failure.Reason);
        Assert.True(failure.IsOfValue);
    }

    [Fact]
    public void Of_WrongQuery_TellsTheLine()
    {
        SparkStatementException exception = new([new SparkCause("", "[UNRESOLVED_COLUMN] A column with name `x` cannot be resolved. SQLSTATE: 42703; line 3, pos 7;\n'Project", "UNRESOLVED_COLUMN", "42703")]);
        EngineException failure = Assert.IsType<EngineException>(SparkFailure.Of(exception));
        Assert.Equal((3, false), (failure.Line, failure.IsOfValue));
        Assert.Equal("A column with name `x` cannot be resolved", failure.Reason);
    }

    [Fact]
    public void Of_LostSession_SaysThatTheSameCommandCompletesIt()
    {
        ModelException failure = SparkFailure.Of(new SparkSessionLostException("the server restarted"));
        Assert.IsNotType<EngineException>(failure);
        Assert.Equal("the Spark server was restarted in the middle, or closed the session: run the same command again, which goes on from the last commit", failure.Message);
    }
}
