using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.World.Requests;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>Runs models in a lake: the use case that tests put to the test.</summary>
/// <param name="lake">The lake.</param>
/// <param name="request">What is run.</param>
/// <param name="cancellationToken">Cancels it.</param>
internal delegate Task<PipelineReport> ModelsRun(Lake lake, PipelineRequest request, CancellationToken cancellationToken);

/// <summary>Runs unit tests of models, each in a lake of its own, by the run that users run.</summary>
/// <param name="request">The models, and what runs may take of the machine.</param>
/// <param name="run">The run.</param>
/// <param name="clock">The clock.</param>
internal sealed class UnitTestRun(PipelineRequest request, ModelsRun run, TimeProvider clock)
{
    private readonly ModelCatalog _catalog = request.Catalog;
    private readonly DuckDbOptions _options = new(request.MemoryLimit, request.Threads);

    /// <summary>Refuses a test whose model is not there, or that gives rows to what the model does not read.</summary>
    /// <exception cref="InvalidRequestException">It is such a test.</exception>
    public void Check(UnitTest test)
    {
        Model model = ModelOf(test);
        foreach ((TableName table, FixtureRows rows) in test.Given)
        {
            if (!model.Inputs.Contains(table))
            {
                throw new InvalidRequestException($"{test.Place}: {test.Model} does not read {table}: its inputs are {string.Join(", ", model.Inputs.Distinct())}");
            }

            FixtureTable.Of(table, _catalog).Check(rows);
        }
    }

    /// <summary>Runs a test: the model over all given rows.</summary>
    /// <returns>What is otherwise than expected; null when nothing is.</returns>
    /// <exception cref="InvalidRequestException">A row of the test is wrong.</exception>
    public async Task<string?> RunAsync(UnitTest test, CancellationToken cancellationToken)
    {
        Model model = ModelOf(test);
        using FixtureLake lake = await FixtureLake.CreateAsync(_options, clock, cancellationToken).ConfigureAwait(false);
        foreach (TableName input in model.Inputs.Distinct())
        {
            await lake.AppendAsync(FixtureTable.Of(input, _catalog), test.Given.GetValueOrDefault(input, FixtureRows.None).Rows, 0, cancellationToken).ConfigureAwait(false);
        }

        string? failure = await RunAsync(lake, test, full: false, cancellationToken).ConfigureAwait(false);
        if (test.Failure is { } expected)
        {
            return failure is null ? $"{test.Model} did not fail: '{expected}' was expected"
                : failure.Contains(expected, StringComparison.OrdinalIgnoreCase) ? null
                : $"'{expected}' was expected, and it failed otherwise: {failure}";
        }

        return failure ?? await FindDifferenceAsync(lake, test, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a test's model over its given rows in random parts, after each of them, and compares with a full run.</summary>
    /// <param name="test">The test.</param>
    /// <param name="split">How the rows are split.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The first difference; null when there is none.</returns>
    /// <exception cref="InvalidRequestException">A row of the test is wrong.</exception>
    public async Task<string?> RunInPartsAsync(UnitTest test, RandomSplit split, CancellationToken cancellationToken)
    {
        Model model = ModelOf(test);
        using FixtureLake lake = await FixtureLake.CreateAsync(_options, clock, cancellationToken).ConfigureAwait(false);
        for (int part = 0; part < split.Parts; part++)
        {
            foreach (TableName input in model.Inputs.Distinct())
            {
                IReadOnlyList<FixtureRow> rows = test.Given.GetValueOrDefault(input, FixtureRows.None).Rows;
                await lake.AppendAsync(
                    FixtureTable.Of(input, _catalog), [.. rows.Where((_, index) => split.PartOf(input.ToString(), index) == part)], part, cancellationToken).ConfigureAwait(false);
            }

            if (await RunAsync(lake, test, full: false, cancellationToken).ConfigureAwait(false) is { } failure)
            {
                return $"part {part + 1} of {split}: {failure}";
            }
        }

        return await FullRun.FindDifferenceAsync(lake.Lake, [model], token => RunAsync(lake, test, full: true, token), cancellationToken).ConfigureAwait(false) is { Count: > 0 } differences
            ? $"{split}: {differences[model.Table]}"
            : null;
    }

    private Model ModelOf(UnitTest test) =>
        _catalog.Find(test.Model) ?? throw new InvalidRequestException(
            $"{test.Place}: there is no model {test.Model}{NearestWord.Ask(test.Model.ToString(), _catalog.Models.Select(model => model.Table.ToString()))}: lakelab pipeline list shows the models");

    private async Task<string?> RunAsync(FixtureLake lake, UnitTest test, bool full, CancellationToken cancellationToken)
    {
        PipelineReport report = await run(lake.Lake, request with { Select = test.Model.ToString(), FullRefresh = full }, cancellationToken).ConfigureAwait(false);
        return report.Failures.Count == 0 ? null : string.Join("; ", report.Failures);
    }

    private async Task<string?> FindDifferenceAsync(FixtureLake lake, UnitTest test, CancellationToken cancellationToken)
    {
        string? difference = test.Expected is null ? null
            : await RowComparison.FindDifferenceAsync(lake.Lake, FixtureTable.Of(test.Model, _catalog), test.Expected, cancellationToken).ConfigureAwait(false);
        return difference ?? (test.Quarantine is null ? null
            : await RowComparison.FindDifferenceAsync(
                lake.Lake, new FixtureTable(QuarantineTable.Name, QuarantineTable.Schema, QuarantineTable.Partition, DuckDbEngine.EngineName), test.Quarantine, cancellationToken).ConfigureAwait(false));
    }
}
