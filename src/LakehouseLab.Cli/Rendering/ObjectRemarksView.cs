using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Tells which raw objects are not in Bronze as they are in the store, for a person.</summary>
internal static class ObjectRemarksView
{
    // More of one kind scroll everything else away.
    private const int Most = 10;

    /// <summary>Writes a line each; those that were merely left out are not errors, which <c>--quiet</c> leaves alone.</summary>
    public static void Tell(IEnumerable<ObjectRemark> remarks, CommandCall call)
    {
        foreach (IGrouping<ObjectState, ObjectRemark> state in remarks.GroupBy(remark => remark.State).OrderByDescending(state => state.Key))
        {
            ObjectRemark[] all = [.. state];
            IEnumerable<string> lines = all.Take(Most).Select(remark => remark.Reason.ReplaceLineEndings(" "));
            if (all.Length > Most)
            {
                lines = lines.Append($"{Figures.Count(all.Length - Most)} more raw objects {NameOf(state.Key)}: see --json");
            }

            foreach (string line in lines)
            {
                Tell(line, all[0].IsFinding, call);
            }
        }
    }

    /// <summary>What a line about a table says of its objects, such as <c>2 objects wait</c>; empty when there is nothing to do.</summary>
    public static string Summarize(IEnumerable<ObjectRemark> remarks) => string.Join("; ", remarks.Where(remark => remark.IsFinding)
        .GroupBy(remark => remark.State).Select(state => $"{Figures.Count(state.Count())} raw {(state.Count() == 1 ? "object" : "objects")} {NameOf(state.Key)}"));

    private static string NameOf(ObjectState state) => state switch
    {
        ObjectState.Waits => "waiting",
        ObjectState.Changed => "changed",
        _ => "left out",
    };

    private static void Tell(string line, bool isFinding, CommandCall call)
    {
        if (isFinding)
        {
            call.Surroundings.Words.WriteLine($"lakelab: {line}");
        }
        else
        {
            call.Say(line);
        }
    }
}
