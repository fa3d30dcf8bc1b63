using System.CommandLine;
using LakehouseLab.Bench;
using LakehouseLab.Bench.Measurements;

Option<string> only = new("--only") { Description = "Run the measurements whose names contain this text." };
Option<int> runs = new("--runs") { Description = "Runs of each measurement, of which the median counts.", DefaultValueFactory = _ => 3 };
Option<string> program = new("--program") { Description = "The published program; without it, it is published first." };
Option<string> folder = new("--folder") { Description = "Where lakes are made; some GB.", DefaultValueFactory = _ => Path.GetTempPath() };
Option<long> sparkRows = new("--spark-rows") { Description = "Transactions of the lakes that Spark's measurements make.", DefaultValueFactory = _ => 5_000_000 };
RootCommand command = new("Measures Lakehouse Lab beside its peers and prints one table. LAKELAB_STACK names the script that starts tpchgen-cli, without which that peer is left out.") { only, runs, folder, program, sparkRows };
command.SetAction(async (parsed, cancellationToken) =>
{
    Measurement[] all =
    [
        new HelpTime(), new JsonRate(), new CsvRate(), new ParquetRate(), new GeneratorPeer(), new ThreadScaling(), new EmulationMemory(),
        new WholeRun(), new BronzeRate(), new PipelinePeer(), new SmallIncrement(), new AgedLake(), new AuditRate(), new ObjectUpload(), new ShardScaling(),
        new LocalFilesRate(), new PaceSmoothness(), new KafkaProducerPeer(), new TopicRate(), new MicroBatch(), new ServiceLatency(), new ServiceMemory(), new AirflowLatency(),
        new SparkRuns(parsed.GetValue(sparkRows)), new SparkWorkers(parsed.GetValue(sparkRows)), new SparkStreamRate(),
    ];
    string text = parsed.GetValue(only) ?? "";
    Report report = new(Console.Out);
    using Workplace workplace = new(parsed.GetRequiredValue(folder), parsed.GetValue(runs));
    Lakelab.Program = parsed.GetValue(program) ?? await PublishedProgram.MakeAsync(workplace.NewFolder());
    report.Begin();
    foreach (Measurement measurement in all.Where(measurement => measurement.Name.Contains(text, StringComparison.OrdinalIgnoreCase)))
    {
        MachineLoad load = new();
        IReadOnlyList<Figure> figures = await measurement.RunAsync(workplace, cancellationToken);
        double? others = measurement.HasServers ? null : load.Others();
        foreach (Figure figure in figures)
        {
            report.Add(figure, others);
        }
    }

    report.End();
});
return await command.Parse(args).InvokeAsync();
