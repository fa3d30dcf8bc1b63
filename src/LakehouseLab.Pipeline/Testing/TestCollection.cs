using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>Gathers what tests show. Not thread-safe.</summary>
internal sealed class TestCollection(TimeProvider clock, IProgress<TestOutcome>? progress)
{
    private readonly List<TestOutcome> _outcomes = [];

    /// <summary>Runs a test and adds what it shows.</summary>
    public async Task AddAsync(TableName model, string name, string? place, Func<CancellationToken, Task<string?>> run, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        string? problem = await run(cancellationToken).ConfigureAwait(false);
        Add(new TestOutcome(model.ToString(), name, place, problem, clock.GetElapsedTime(began).TotalSeconds));
    }

    /// <summary>Adds an outcome.</summary>
    public void Add(TestOutcome outcome)
    {
        _outcomes.Add(outcome);
        progress?.Report(outcome);
    }

    /// <summary>All of it.</summary>
    public TestReport ToReport() => new([.. _outcomes]);
}
