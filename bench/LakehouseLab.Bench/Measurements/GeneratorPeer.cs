namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions are made, beside TPC-H's lineitems by tpchgen-cli, in turn.</summary>
internal sealed class GeneratorPeer : Measurement
{
    // Rows and bytes of lineitem at scale factor 1, as text.
    private const double PeerRows = 6_001_215;
    private const double PeerBytes = 759_863_287;

    public override string Name => "tpchgen";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        List<double> rowRatios = [];
        List<double> byteRatios = [];
        for (int run = 0; Workplace.Stack is { } stack && run < workplace.Runs; run++)
        {
            Ended peer = await Lakelab.RunProgramAsync("sh", ["-c", $"'{stack}' exec tpchgen-cli -s 1 --tables lineitem --num-threads 1 --stdout > /dev/null"]);
            (double rows, double bytes) = await JsonRate.MeasureAsync(threads: 1);
            rowRatios.Add(rows / (PeerRows / peer.Seconds));
            byteRatios.Add(bytes / (PeerBytes / peer.Seconds));
        }

        rowRatios.Sort();
        byteRatios.Sort();
        return
        [
            new Figure("rows/s ÷ those of `tpchgen-cli -s 1 --tables lineitem`, one thread each", rowRatios.Count == 0 ? null : rowRatios[rowRatios.Count / 2], "×", 2.3, 3.5, Better.More),
            new Figure("bytes/s ÷ those of the same", byteRatios.Count == 0 ? null : byteRatios[byteRatios.Count / 2], "×", 4, 6, Better.More),
        ];
    }
}
