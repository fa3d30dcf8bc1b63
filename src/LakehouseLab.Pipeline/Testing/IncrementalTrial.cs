using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Pipeline.Testing;

/// <summary>
/// Runs models over a small world whose records arrive at random, in any order and some of them twice, and compares their tables with those
/// of a full run. All that the models depend on runs the same way, so that their inputs change as they do in a lake.
/// </summary>
/// <param name="request">The models, and what runs may take of the machine.</param>
/// <param name="run">The run.</param>
/// <param name="clock">The clock.</param>
internal sealed class IncrementalTrial(PipelineRequest request, ModelsRun run, TimeProvider clock)
{
    // Few people who pay seldom: their records span months.
    private const int PaymentsPerMonth = 10;

    /// <summary>Runs one trial.</summary>
    /// <param name="models">The models whose tables are compared.</param>
    /// <param name="rows">Records of each domain.</param>
    /// <param name="seed">The seed of the world and of the split.</param>
    /// <param name="split">How the records are split.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What is wrong with the tables of models; nothing when all are equal.</returns>
    public async Task<IReadOnlyDictionary<TableName, string>> RunAsync(IReadOnlyList<Model> models, int rows, long seed, RandomSplit split, CancellationToken cancellationToken)
    {
        EmulatedWorld world = new(new WorldSettings { Seed = seed, Users = WorldSettings.MinUsers, PaymentsPerMonth = PaymentsPerMonth });
        Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> records = [];
        foreach (Domain domain in Domain.All)
        {
            records.Add(domain.Name, await MakeAsync(world, domain, rows, cancellationToken).ConfigureAwait(false));
        }

        using FixtureLake lake = await FixtureLake.CreateAsync(new DuckDbOptions(request.MemoryLimit, request.Threads), clock, cancellationToken).ConfigureAwait(false);
        string selection = string.Join(',', models.Select(model => $"+{model.Table}"));
        for (int part = 0; part < split.Parts; part++)
        {
            foreach ((string domain, IReadOnlyList<ReadOnlyMemory<byte>> lines) in records)
            {
                await PutAsync(lake.Lake, domain, part, lines, split, cancellationToken).ConfigureAwait(false);
            }

            if (await FailureOfAsync(lake.Lake, selection, full: false, cancellationToken).ConfigureAwait(false) is { } failure)
            {
                return models.ToDictionary(model => model.Table, _ => $"part {part + 1} of {split}: {failure}");
            }
        }

        IReadOnlyDictionary<TableName, string> differences = await FullRun.FindDifferenceAsync(
            lake.Lake, models, token => FailureOfAsync(lake.Lake, selection, full: true, token), cancellationToken).ConfigureAwait(false);
        return differences.ToDictionary(pair => pair.Key, pair => $"{split}: {pair.Value}");
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> MakeAsync(EmulatedWorld world, Domain domain, int rows, CancellationToken cancellationToken)
    {
        MemoryStream output = new();
        await using (output.ConfigureAwait(false))
        {
            await Emulator.RunAsync(new EmulationRequest(domain, world, 0, rows), output, new EmulationControl(), cancellationToken).ConfigureAwait(false);
            return LinesOf(output.ToArray());
        }
    }

    private static List<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> text)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        while (text.Span.IndexOf((byte)'\n') is >= 0 and int end)
        {
            lines.Add(text[..(end + 1)]);
            text = text[(end + 1)..];
        }

        return lines;
    }

    private static async Task PutAsync(Lake lake, string domain, int part, IReadOnlyList<ReadOnlyMemory<byte>> lines, RandomSplit split, CancellationToken cancellationToken)
    {
        MemoryStream content = new();
        await using (content.ConfigureAwait(false))
        {
            IEnumerable<int> chosen = Enumerable.Range(0, lines.Count)
                .Where(line => split.PartOf(domain, line) == part || split.RepeatedIn(domain, line) == part)
                .OrderBy(line => split.OrderOf(domain, line));
            foreach (int line in chosen)
            {
                content.Write(lines[line].Span);
            }

            await lake.Store.PutAsync($"raw/{domain}/part-{part}.json", content.ToArray(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> FailureOfAsync(Lake lake, string selection, bool full, CancellationToken cancellationToken)
    {
        PipelineReport report = await run(lake, request with { Select = selection, FullRefresh = full }, cancellationToken).ConfigureAwait(false);
        return report.Failures.Count == 0 ? null : string.Join("; ", report.Failures);
    }
}
