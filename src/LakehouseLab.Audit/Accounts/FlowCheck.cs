using LakehouseLab.Audit.Reports;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Holds progress and run history against the tables.</summary>
/// <param name="flows">What is recorded of each table.</param>
/// <param name="runs">The runs of the history, the oldest first.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class FlowCheck(IReadOnlyDictionary<string, FlowAccount> flows, IReadOnlyList<RunDocument> runs, Tally tally)
{
    private const string Quarantine = "silver.quarantine";

    private readonly Dictionary<string, string> _evidence = new(StringComparer.Ordinal);

    /// <summary>Reports what does not fit together.</summary>
    /// <returns>For each table that was there and is not, what says so.</returns>
    public IReadOnlyDictionary<string, string> Run()
    {
        foreach (FlowAccount flow in flows.Values)
        {
            CheckBatches(flow);
            foreach ((string input, IngestedVersions versions) in LastInputs(flow).Where(input => input.Value.Until >= 0 || input.Value.TableId is not null))
            {
                CheckInput(flow, input, versions);
            }
        }

        foreach ((string table, long version) in NewestVersions())
        {
            CheckVersion(table, version);
        }

        return _evidence.Where(pair => !flows.TryGetValue(pair.Key, out FlowAccount? flow) || flow is { Snapshot: null, IsReadable: true }).ToDictionary();
    }

    private static string FolderOf(FlowAccount flow) => $"{LakeLayout.Progress}{flow.Table}/";

    private void CheckBatches(FlowAccount flow)
    {
        // A batch is recorded only after the one before it is in the table.
        if (flow.Recorded > 1)
        {
            _evidence.TryAdd(flow.Table, $"{FolderOf(flow)} records {flow.Recorded} batches of it");
        }

        if (flow.Snapshot is null)
        {
            return;
        }

        CheckTransactions(flow, flow.Snapshot);
        if (flow.Committed >= flow.Recorded)
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Place = FolderOf(flow),
                Expected = FormattableString.Invariant($"{flow.Committed + 1} batches"),
                Found = FormattableString.Invariant($"{flow.Recorded} batches"),
                Cause = $"{flow.Table} has more batches than are recorded: what they ingested is not known",
                Remedy = "restore the records from a copy, or delete the table and run lakelab pipeline run",
            });
        }
        else if (flow.Recorded > flow.Committed + 2)
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Place = flow.Table,
                Expected = FormattableString.Invariant($"{flow.Recorded - 1} batches or more"),
                Found = FormattableString.Invariant($"{flow.Committed + 1} batches"),
                Cause = $"{FolderOf(flow)} records more batches than the table has: commits are gone from its log",
                Remedy = "restore the log from a copy, or delete the table and run lakelab pipeline run",
            });
        }
    }

    // The quarantine has the batches of several flows.
    private void CheckTransactions(FlowAccount flow, Snapshot snapshot)
    {
        bool isShared = flow is { Recorded: 0, Table: Quarantine };
        long[] committed = [.. snapshot.Transactions.Where(transaction => isShared || transaction.AppId == flow.Table).Select(transaction => transaction.Version)];
        if (flow.LastWritten is { } written && !committed.Contains(written))
        {
            Contradict(flow, FormattableString.Invariant($"{written}"), committed.Length == 0 ? null : FormattableString.Invariant($"{committed.Max()}"), "its last commit says that it wrote another batch: the pipeline would ingest again what is in the table, or leave out what is not");
        }
        else if (flow is { Committed: < 0, Recorded: > 0 } && snapshot.Files.Count > 0)
        {
            Contradict(flow, FormattableString.Invariant($"{Math.Max(0, flow.Recorded - 2)} or later"), null, "it has files, and its log names no batch that wrote them: the pipeline would ingest them again");
        }

        foreach (SetTransaction transaction in isShared ? snapshot.Transactions : [])
        {
            if (!flows.TryGetValue(transaction.AppId, out FlowAccount? source) || source.Recorded <= transaction.Version)
            {
                Contradict(flow, source is null ? null : FormattableString.Invariant($"{source.Recorded - 1} or before"), FormattableString.Invariant($"{transaction.AppId} {transaction.Version}"), "no such batch is recorded");
            }
        }
    }

    private void Contradict(FlowAccount flow, string? expected, string? found, string cause) => tally.Report(FindingKind.Contradictory, finding => finding with
    {
        Place = $"{flow.Table.Replace('.', '/')}/_delta_log",
        Column = "txn",
        Expected = expected,
        Found = found,
        Cause = cause,
        Remedy = "restore the log from a copy, or delete the table and run lakelab pipeline run",
    });

    private static IEnumerable<KeyValuePair<string, IngestedVersions>> LastInputs(FlowAccount flow) =>
        flow.Batches.TryGetValue((int)Math.Max(flow.Committed, flow.Recorded - 2), out BatchDocument? last) ? last.Tables ?? new Dictionary<string, IngestedVersions>() : [];

    private void CheckInput(FlowAccount flow, string input, IngestedVersions versions)
    {
        _evidence.TryAdd(input, $"{FolderOf(flow)} says that {flow.Table} was made of it");
        if (flows.TryGetValue(input, out FlowAccount? table) && table.Snapshot is { } snapshot && snapshot.Version < versions.Until && IsSame(snapshot.Metadata.Id, versions.TableId))
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Place = input,
                Expected = FormattableString.Invariant($"version {versions.Until} or later"),
                Found = FormattableString.Invariant($"version {snapshot.Version}"),
                Cause = $"{FolderOf(flow)} says that {flow.Table} was made of a later version: commits are gone from its log",
                Remedy = "restore the log from a copy, or delete the table and run lakelab pipeline run",
            });
        }
    }

    private static bool IsSame(string id, string? recorded) => recorded is null || string.Equals(id, recorded, StringComparison.OrdinalIgnoreCase);

    private Dictionary<string, long> NewestVersions()
    {
        Dictionary<string, long> versions = new(StringComparer.Ordinal);
        foreach (RunDocument run in runs)
        {
            foreach (BronzeRunDocument bronze in (run.Bronze ?? []).Where(bronze => bronze.Records > 0))
            {
                versions.TryAdd(bronze.Table, 0);
            }

            foreach (ModelRunDocument model in (run.Models ?? []).Where(model => model.Version >= 0))
            {
                versions[model.Table] = model.Version;
            }
        }

        return versions;
    }

    private void CheckVersion(string table, long version)
    {
        // A table whose records are gone too was a model's of the user's own that is not wanted any more.
        if (!flows.TryGetValue(table, out FlowAccount? flow))
        {
            return;
        }

        _evidence.TryAdd(table, $"a run in {LakeLayout.Runs} made it");
        if (flow.Snapshot is { } snapshot && snapshot.Version < version)
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Place = table,
                Expected = FormattableString.Invariant($"version {version} or later"),
                Found = FormattableString.Invariant($"version {snapshot.Version}"),
                Cause = $"a run in {LakeLayout.Runs} left it at a later version: commits are gone from its log",
                Remedy = "restore the log from a copy, or delete the table and run lakelab pipeline run",
            });
        }
    }
}
