using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>sample</c>: a few records to read.</summary>
internal sealed class SampleCommand : CommandWithExample
{
    private const int MaxRecords = 10_000;

    private readonly ValueArgument<Domain> _domain = new("domain", DomainName.Choices, "What to show.", DomainName.Parse) { Offers = static () => DomainName.Words };
    private readonly ValueOption<long> _number = new("-n", "COUNT", "How many records [10]", static text => Count.Parse(text, 1, MaxRecords)) { Default = 10 };
    private readonly ValueOption<long> _firstRow = new("--first-row", "ROW", "First row of the domain, from 0 [0]", static text => Count.Parse(text, 0, RowSelection.MaxRow));

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("sample", "Show a few records as they would be delivered.", "lakelab sample device-log -n 3", DomainName.Choices);

    public SampleCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_domain);
        Add(_number, _firstRow);
        Add([.. KnownSettings.OfWorld, KnownSettings.Labels]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        EmulationRequest request = new(
            call.Get(_domain),
            await call.MakeWorldAsync(null, cancellationToken).ConfigureAwait(false),
            call.Get(_firstRow),
            call.Get(_number))
        {
            Labels = call.Settings.Get(KnownSettings.Labels),
        };
        await Emulator.RunAsync(request, call.Surroundings.Output, new EmulationControl(), cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
