using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Tests.Server;

/// <summary>The ways between the states of jobs.</summary>
public sealed class JobStateTests
{
    [Fact]
    public void To_EveryPair_IsAllowedAsDesigned()
    {
        string[] allowed =
        [
            "Scheduled>Running", "Running>Waiting", "Waiting>Running",
            "Scheduled>Completed", "Running>Completed", "Waiting>Completed",
            "Scheduled>Failed", "Running>Failed", "Waiting>Failed",
            "Scheduled>Cancelled", "Running>Cancelled", "Waiting>Cancelled",
            "Failed>Scheduled", "Cancelled>Scheduled",
        ];
        foreach (JobState from in Enum.GetValues<JobState>())
        {
            foreach (JobState to in Enum.GetValues<JobState>())
            {
                if (allowed.Contains($"{from}>{to}"))
                {
                    Assert.Equal(to, from.To(to));
                }
                else
                {
                    Assert.Throws<InvalidOperationException>(() => from.To(to));
                }
            }
        }
    }
}
