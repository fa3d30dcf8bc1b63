using Spectre.Console;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Bars on a terminal.</summary>
internal sealed class ProgressBars : ProgressBoard
{
    private readonly ProgressContext _bars;

    private ProgressBars(ProgressContext bars) => _bars = bars;

    /// <summary>Runs work with bars.</summary>
    public static Task<T> RunAsync<T>(TextWriter terminal, Func<ProgressBoard, Task<T>> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(bars => work(new ProgressBars(bars)));
    }

    /// <inheritdoc/>
    public override ProgressStep Begin(string title) => new Bar(_bars.AddTask(Markup.Escape(title), maxValue: 1));

    private sealed class Bar(ProgressTask task) : ProgressStep
    {
        public override void Report(long done, long total)
        {
            task.IsIndeterminate = total <= 0;
            if (total > 0)
            {
                task.Value = (double)done / total;
            }
        }
    }
}
