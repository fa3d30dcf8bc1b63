using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Pipeline.Testing;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline;

/// <summary>The use case "test models": unit tests with rows of their own, and increments against full runs.</summary>
public static class PipelineTest
{
    /// <summary>Runs the unit tests of the selected models. Nothing outside of temporary folders is written.</summary>
    /// <param name="request">The models, their selection, and what runs may take of the machine.</param>
    /// <param name="folders">Where the files of tests are.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">Is told of each test that is done.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="InvalidRequestException">The selection names no model, or there is no test of what it names.</exception>
    /// <exception cref="ModelException">A test is wrong; the message names file and line.</exception>
    public static async Task<TestReport> RunAsync(
        PipelineRequest request, TestFolders folders, TimeProvider clock, IProgress<TestOutcome>? progress, CancellationToken cancellationToken)
    {
        UnitTestRun run = new(request, RunOf(clock), clock);
        TestCollection collection = new(clock, progress);
        List<UnitTest> tests = Find(request, folders, run);
        if (tests.Count == 0)
        {
            throw new InvalidRequestException($"there are no unit tests of {request.Select ?? "models of your own"} in {folders}: write one, such as tests/spend.yaml in a project that lakelab init makes, or give --incremental");
        }

        foreach (UnitTest test in tests)
        {
            await collection.AddAsync(test.Model, test.Name, test.Place, token => run.RunAsync(test, token), cancellationToken).ConfigureAwait(false);
        }

        return collection.ToReport();
    }

    /// <summary>Compares increments with full runs: of unit tests, whose given rows are split at random, and of the selected models over a small world,
    /// whose records are.</summary>
    /// <param name="request">The models, their selection, and what runs may take of the machine.</param>
    /// <param name="folders">Where the files of tests are, as for <see cref="RunAsync"/>; there need be none.</param>
    /// <param name="options">How much is tried.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">Is told of each comparison that is done.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="InvalidRequestException">The selection names no model.</exception>
    /// <exception cref="ModelException">A test is wrong; the message names file and line.</exception>
    public static async Task<TestReport> CompareAsync(
        PipelineRequest request, TestFolders folders, TrialOptions options, TimeProvider clock, IProgress<TestOutcome>? progress, CancellationToken cancellationToken)
    {
        UnitTestRun run = new(request, RunOf(clock), clock);
        TestCollection collection = new(clock, progress);
        RandomSplit[] splits = [.. Enumerable.Range(0, options.Trials).Select(trial => new RandomSplit(options.Seed, trial))];
        foreach (UnitTest test in Find(request, folders, run).Where(test => test.Failure is null))
        {
            await collection.AddAsync(test.Model, $"{test.Name}, in increments", test.Place, token => FirstAsync(splits, split => run.RunInPartsAsync(test, split, token)), cancellationToken).ConfigureAwait(false);
        }

        IncrementalTrial trial = new(request, RunOf(clock), clock);
        IReadOnlyList<Model> models = Chosen(request);
        long began = clock.GetTimestamp();
        Dictionary<TableName, string> problems = [];
        foreach (RandomSplit split in splits)
        {
            foreach ((TableName table, string problem) in await trial.RunAsync(models, options.Rows, options.Seed, split, cancellationToken).ConfigureAwait(false))
            {
                problems.TryAdd(table, problem);
            }
        }

        double seconds = clock.GetElapsedTime(began).TotalSeconds / models.Count;
        foreach (Model model in models)
        {
            collection.Add(new TestOutcome(model.Table.ToString(), "increments equal a full run", null, problems.GetValueOrDefault(model.Table), seconds));
        }

        return collection.ToReport();
    }

    private static ModelsRun RunOf(TimeProvider clock) => (lake, request, token) => PipelineRun.RunAsync(lake, request, clock, null, token);

    // Of a project its own models are meant, unless it has none.
    private static IReadOnlyList<Model> Chosen(PipelineRequest request) =>
        request.Select is null && request.Catalog.Models.Where(model => model.Origin is not null).ToArray() is { Length: > 0 } own ? own : request.Catalog.Select(request.Select);

    private static List<UnitTest> Find(PipelineRequest request, TestFolders folders, UnitTestRun run)
    {
        List<UnitTest> tests = [.. folders.Read()];
        tests.ForEach(run.Check);
        if (request.Select is null)
        {
            return tests;
        }

        HashSet<TableName> chosen = [.. request.Catalog.Select(request.Select).Select(model => model.Table)];
        return [.. tests.Where(test => chosen.Contains(test.Model))];
    }

    private static async Task<string?> FirstAsync(IEnumerable<RandomSplit> splits, Func<RandomSplit, Task<string?>> run)
    {
        foreach (RandomSplit split in splits)
        {
            if (await run(split).ConfigureAwait(false) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }
}
