using LakehouseLab.Audit.Reports;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;

namespace LakehouseLab.Audit.Tables;

/// <summary>The data files of a log by where they are stored, whatever detours their paths make.</summary>
internal static class FilePaths
{
    /// <summary>The files, each once; one that is listed twice is reported.</summary>
    public static IReadOnlyList<AddFile> Distinct(Snapshot snapshot, Tally tally)
    {
        Dictionary<string, AddFile> files = new(StringComparer.Ordinal);

        // Of two spellings the plain one is kept.
        foreach (AddFile file in snapshot.Files.OrderBy(file => file.Path.Length))
        {
            if (!files.TryAdd(WholeOf(snapshot, file), file))
            {
                tally.Report(FindingKind.Duplicated, finding => finding with
                {
                    Place = file.Spelling,
                    Cause = $"the log lists the file twice, also as {files[WholeOf(snapshot, file)].Spelling}, so that readers see its rows twice",
                    Remedy = LogCheck.Remedy,
                });
            }
        }

        return [.. snapshot.Files.Where(files.ContainsValue)];
    }

    // A location of S3 is not a path of this machine, and combines with one all the same.
    private static string WholeOf(Snapshot snapshot, AddFile file) => Path.GetFullPath(Path.Combine("/", snapshot.Location, file.Path));
}
