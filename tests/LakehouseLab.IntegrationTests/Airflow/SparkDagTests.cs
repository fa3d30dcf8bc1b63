using LakehouseLab.IntegrationTests.Spark;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>The example DAGs with the engine Spark, which a person names as a parameter of the run; and Spark that goes away.</summary>
[Collection(typeof(AirflowTests))]
public sealed class SparkDagTests : IClassFixture<SparkDagTests.SparkLab>
{
    private const string Sequence = "lakehouse_lab_sequence";
    private const string Stream = "lakehouse_lab_kafka_stream";
    private const string Faults = "lakehouse_lab_faults";
    private const string Server = "spark-connect";

    private static readonly string[] s_complete = ["complete"];

    private readonly AirflowLab _lab;

    public SparkDagTests(SparkLab spark)
    {
        SparkTrials.Require();
        _lab = spark.Lab;
    }

    [Fact]
    public async Task Sequence_OnSpark_IsWholeFromRawToGold()
    {
        await _lab.StartAsync();
        await _lab.Airflow.TriggerAsync(Sequence, "spark", new { engine = "spark", rows = 2_000 });
        await _lab.Airflow.SucceedAsync(Sequence, "spark");
        Assert.Contains("engine spark", await _lab.Airflow.LogAsync(Sequence, "spark", "refine.gold"), StringComparison.Ordinal);
        Assert.Equal(s_complete, await _lab.Service.AuditAsync("bronze", "silver", "gold"));
    }

    [Fact]
    public async Task KafkaStreamAndFaults_OnSpark_AreWholeInTheEnd()
    {
        await _lab.StartAsync();
        await _lab.Airflow.TriggerAsync(Stream, "spark", new { engine = "spark", seconds = 5 });
        await _lab.Airflow.SucceedAsync(Stream, "spark");
        await _lab.Airflow.TriggerAsync(Faults, "spark", new { engine = "spark" });
        Assert.Equal("failed", await _lab.Airflow.EndAsync(Faults, "spark"));
        await _lab.Airflow.ClearAsync(Faults, "spark", "start");
        await _lab.Airflow.SucceedAsync(Faults, "spark");
    }

    [Fact]
    public async Task SparkGone_WhileARunIsAtWork_IsSaidInASentenceAndTheNextTryCompletes()
    {
        const string Task = "refine.bronze_and_silver";
        await _lab.StartAsync();
        await _lab.Airflow.TriggerAsync(Sequence, "spark-gone", new { engine = "spark", rows = 20_000 });
        await _lab.Airflow.WaitForAsync(Sequence, "spark-gone", Task, "deferred");
        await _lab.DoAsync("kill", Server);
        await _lab.Airflow.WaitForAsync(Sequence, "spark-gone", Task, "up_for_retry");
        Assert.Contains("Spark", await _lab.Airflow.LogAsync(Sequence, "spark-gone", Task), StringComparison.Ordinal);

        await _lab.DoAsync("up", "spark");
        await _lab.Airflow.SucceedAsync(Sequence, "spark-gone");
        Assert.Equal(s_complete, await _lab.Service.AuditAsync("bronze", "silver", "gold"));
    }

    /// <summary>A lab with Spark, and a lake of its own, since a table has one engine that writes it.</summary>
    public sealed class SparkLab : IAsyncDisposable
    {
        internal AirflowLab Lab { get; } = new("spark");

        public ValueTask DisposeAsync() => Lab.DisposeAsync();
    }
}
