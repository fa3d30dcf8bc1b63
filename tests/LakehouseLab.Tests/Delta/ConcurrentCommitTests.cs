using CsCheck;
using LakehouseLab.Delta;

namespace LakehouseLab.Tests.Delta;

/// <summary>Writers at once on one folder, against a model: what is said to be committed is there once, in order; nothing else is.</summary>
public sealed class ConcurrentCommitTests
{
    private sealed record Step(int Writer, int Kind);

    [Fact]
    public void Commit_WritersAtOnce_EqualTheModel() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], (writer, kind) => new Step(writer, kind)).List[4, 12].Sample(
            steps => RunAsync(steps).GetAwaiter().GetResult(), iter: 15, threads: 1);

    private static async Task RunAsync(List<Step> steps)
    {
        using SmallTable table = new();
        await table.CreateAsync();
        await table.AppendAsync("first");
        Task<List<(long Version, string Path, string? Removed)>>[] writers =
        [
            .. steps.GroupBy(step => step.Writer).Select(group => Task.Run(() => WriteAsync(table, group.Key, [.. group]))),
        ];
        List<(long Version, string Path, string? Removed)> committed = [.. (await Task.WhenAll(writers)).SelectMany(list => list).OrderBy(commit => commit.Version)];

        // Versions are dense: two for the beginning, then one for each success.
        Assert.Equal(Enumerable.Range(2, committed.Count).Select(version => (long)version), committed.Select(commit => commit.Version));
        HashSet<string> model = ["first"];
        foreach ((long version, string path, string? removed) in committed)
        {
            Assert.True(removed is null || model.Remove(removed), $"version {version} removed {removed}, which was not there");
            Assert.True(model.Add(path));
            Assert.Equal(model.Order(StringComparer.Ordinal), await table.PathsAsync(version));
        }
    }

    private static async Task<List<(long Version, string Path, string? Removed)>> WriteAsync(SmallTable table, int writer, Step[] steps)
    {
        List<(long, string, string?)> committed = [];
        for (int number = 0; number < steps.Length; number++)
        {
            string path = $"{writer}-{number}";
            string? removed = null;
            CommitResult result = await table.ChangeAsync((transaction, snapshot) =>
            {
                transaction.Add(SmallTable.File(path));
                if (steps[number].Kind == 1)
                {
                    removed = snapshot.Files[0].Path;
                    transaction.Remove(snapshot.Files[0], dataChange: true);
                }

                if (steps[number].Kind == 2)
                {
                    transaction.SetTransaction("shared", (snapshot.TransactionVersion("shared") ?? 0) + 1);
                }
            });
            if (result is CommitResult.Committed success)
            {
                committed.Add((success.Version, path, removed));
            }
        }

        return committed;
    }
}
