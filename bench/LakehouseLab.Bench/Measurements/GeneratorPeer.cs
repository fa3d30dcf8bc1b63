namespace LakehouseLab.Bench.Measurements;

/// <summary>How much processor time ten million transactions take to nowhere, beside TPC-H's lineitems by tpchgen-cli: one pinned core, start
/// included, five runs of each in turn.</summary>
internal sealed class GeneratorPeer : Measurement
{
    // Rows and bytes of lineitem at scale factor 1, as text.
    private const double PeerRows = 6_001_215;
    private const double PeerBytes = 759_863_287;
    private const int LeastRuns = 5;

    public override string Name => "tpchgen";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        List<double> rowRatios = [];
        List<double> byteRatios = [];
        for (int run = 0; Workplace.Stack is { } stack && run < Math.Max(LeastRuns, workplace.Runs); run++)
        {
            // The script that finds the peer takes processor time of its own.
            double script = (await PeerAsync(stack, "--version")).ProcessorSeconds;
            double peer = (await PeerAsync(stack, "-s 1 --tables lineitem --num-threads 1 --stdout")).ProcessorSeconds - script;
            RowRate ours = await JsonRate.PinnedAsync();
            rowRatios.Add(ours.PerProcessorSecond / (PeerRows / peer));
            byteRatios.Add(ours.PerProcessorSecond * ours.BytesARow / (PeerBytes / peer));
        }

        return
        [
            new Figure("rows a processor second ÷ those of `tpchgen-cli -s 1 --tables lineitem`, one pinned core each, start included", Median(rowRatios), "×", 3.2, 3.8, Better.More),
            new Figure("bytes a processor second ÷ those of the same", Median(byteRatios), "×", 4, 6, Better.More),
        ];
    }

    private static double? Median(List<double> values) => values.Count == 0 ? null : values.Order().ElementAt(values.Count / 2);

    private static Task<Ended> PeerAsync(string stack, string arguments) =>
        Lakelab.RunProgramAsync("sh", ["-c", $"exec taskset -c 0 '{stack}' exec tpchgen-cli {arguments} > /dev/null"]);
}
