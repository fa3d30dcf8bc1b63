using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Shell;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Shows how far the steps of a command are: as bars to a person who watches, not at all otherwise.</summary>
internal abstract class ProgressBoard
{
    /// <summary>Runs a command's work with a board.</summary>
    /// <param name="call">The command.</param>
    /// <param name="shown">Whether there may be bars at all.</param>
    /// <param name="work">The work.</param>
    public static Task<T> RunAsync<T>(CommandCall call, bool shown, Func<ProgressBoard, Task<T>> work) =>
        shown && !call.Quiet && call.Surroundings.WordsAreWatched ? ProgressBars.RunAsync(call.Surroundings.Terminal, work) : work(new Blank());

    /// <summary>Begins a step.</summary>
    /// <param name="title">A few words.</param>
    public abstract ProgressStep Begin(string title);

    private sealed class Blank : ProgressBoard
    {
        public override ProgressStep Begin(string title) => new Unseen();

        private sealed class Unseen : ProgressStep
        {
            public override void Report(long done, long total)
            {
                // Nobody watches.
            }
        }
    }
}
