using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Shards;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What a shard of an audit has read, for a person.</summary>
/// <param name="Report">What it has read.</param>
internal sealed record ShardRendering(ShardReport Report)
{
    /// <summary>One line.</summary>
    public string Line => $"shard {Report.Shard} of {Report.Lake}: {(Report.IsClean ? "nothing that it read is wrong by itself" : "some of what it read is wrong")} ({Figures.Seconds(TimeSpan.FromSeconds(Report.Seconds))}); audit merge tells the rest";

    /// <summary>What is wrong whatever other shards read.</summary>
    public void WriteText(TextWriter writer)
    {
        foreach (Finding finding in Report.Findings)
        {
            writer.WriteLine($"{finding.Table}: {finding.Text}");
        }

        foreach (string difference in Report.Differences)
        {
            writer.WriteLine(difference);
        }
    }
}
