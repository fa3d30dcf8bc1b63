using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Gold;

/// <summary>Makes the rows that a table should have again.</summary>
/// <param name="month">First day of the month whose rows are needed; others may be made too. 0 for a table without months.</param>
/// <param name="output">Takes the rows.</param>
/// <param name="cancellationToken">Cancels it.</param>
internal delegate Task MakeRows(int month, IExpectedRows output, CancellationToken cancellationToken);

/// <summary>The audit of a table whose rows are made from many records: counts and exact sums by key.</summary>
/// <param name="table">The table.</param>
/// <param name="sample">Of whom all values are compared, where the table is sampled.</param>
/// <param name="store">The lake's objects.</param>
/// <param name="make">Makes the rows that it should have again.</param>
/// <param name="isMadeByPass">Whether a pass over the world's rows fills the expected sums; if not, they are made when all passes are done.</param>
/// <param name="shard">Whose files are read first.</param>
/// <param name="progress">Is told how far the reading is.</param>
internal sealed class GoldPart(GoldTable table, UserSample sample, IObjectStore store, MakeRows make, bool isMadeByPass, Shard shard, IProgress<AuditProgress>? progress) : IAuditPart
{
    private readonly MonthSums _found = new();
    private TableScan? _scan;

    /// <inheritdoc/>
    public AuditLayer Layer => table.Layer;

    /// <inheritdoc/>
    public Tally Tally { get; } = new(table.Layer, table.FullName)
    {
        Sample = table.SampledAfter is null || sample.IsAll ? null : $"the values of {sample} of the users",
    };

    /// <summary>The table.</summary>
    public GoldTable Table => table;

    /// <summary>First days of the months that rows touch which the table has not ingested: they are not compared.</summary>
    public IReadOnlySet<int> Waiting { get; set; } = new HashSet<int>();

    /// <summary>The sums that a pass over the world's rows fills.</summary>
    public MonthSums Expected { get; } = new();

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken) =>
        _scan = await TableScan.OpenAsync(store, table.Declaration, Tally, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        GoldRows rows = new(table, sample);
        await (_scan?.CheckAsync(
            shard,
            group =>
            {
                rows.Read(group);
                for (int row = 0; row < rows.Count; row++)
                {
                    _found.Add(rows.MonthOf(row), rows.HashOf(row));
                }

                progress?.Report(new AuditProgress(Tally.Name, _found.Rows, 0));
            },
            cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <summary>Fills the expected sums that no pass fills, once all passes are done.</summary>
    public Task MakeExpectedAsync(CancellationToken cancellationToken) => isMadeByPass || Tally.NotAudited is not null ? Task.CompletedTask : make(0, Expected, cancellationToken);

    /// <inheritdoc/>
    public void Save(BinaryWriter state)
    {
        Tally.Save(state);
        Expected.Save(state);
        _found.Save(state);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader state)
    {
        Tally.Load(state);
        Expected.Load(state);
        _found.Load(state);
    }

    /// <inheritdoc/>
    public async Task ExamineAsync(CancellationToken cancellationToken)
    {
        if (Tally.NotAudited is not null)
        {
            return;
        }

        Tally.Expected = Expected.Rows - Waiting.Sum(Expected.RowsOf);
        if (!Tally.IsThere)
        {
            return;
        }

        foreach (int month in Expected.Months.Union(_found.Months).Where(month => !Waiting.Contains(month)).Order())
        {
            Tally.Find(-1, _found.RowsOf(month));
            if (!Expected.Agrees(_found, month))
            {
                GoldExamination examination = new(table, sample, month, Tally);
                long rows = Math.Max(Expected.RowsOf(month), _found.RowsOf(month));
                MakeRows makeExpected = Expected.RowsOf(month) > 0 ? make : static (_, _, _) => Task.CompletedTask;
                await examination.RunAsync(_scan, rows, makeExpected, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
