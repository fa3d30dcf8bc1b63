using System.CommandLine;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>sample</c>: a few records to read.</summary>
internal sealed class SampleCommand : CommandWithExample
{
    private const string Number = "-n";
    private const string FirstRow = "--first-row";
    private const int MaxRecords = 10_000;

    private readonly Argument<string> _domain = new("domain") { Description = "What to show.", HelpName = DomainName.Choices };

    public SampleCommand(Surroundings surroundings)
        : base("sample", "Show a few records as they would be delivered.", "lakelab sample device-log -n 3")
    {
        Add(_domain);
        Add(new Option<string>(Number) { Description = "How many records [10]", HelpName = "COUNT" });
        Add(new Option<string>(FirstRow) { Description = "First row of the domain, from 0 [0]", HelpName = "ROW" });
        Add([.. KnownSettings.OfWorld, KnownSettings.Labels]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        EmulationRequest request = new(
            DomainName.Parse(call.Argument(_domain)),
            await call.MakeWorldAsync(null, cancellationToken).ConfigureAwait(false),
            call.Flag(FirstRow, static text => Count.Parse(text, 0, 1L << 60), 0),
            call.Flag(Number, static text => Count.Parse(text, 1, MaxRecords), 10))
        {
            Labels = call.Settings.Get(KnownSettings.Labels) == "inline",
        };
        await Emulator.RunAsync(request, call.Surroundings.Output, new EmulationControl(), cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
