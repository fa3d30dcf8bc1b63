using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Derived;

/// <summary>Finds the days that a batch's new input reaches. The log's statistics tell the days of a file; only where they do not, or where its days lie far apart, are its rows asked.</summary>
internal sealed class ReachedDays(IEngineSession session, ModelCatalog catalog, InputRelations inputs)
{
    // A file of more days than two months have may have none in the months between.
    private const int CloseDays = 62;

    /// <summary>Finds the days.</summary>
    /// <returns>Them; null when an input without event time changed, which may reach all.</returns>
    public async Task<DaySpans?> FindAsync(ModelBatch batch, CancellationToken cancellationToken)
    {
        DaySpans days = new();
        foreach (TableName name in inputs.Names)
        {
            VersionRange range = batch.Inputs.Tables[name.ToString()];
            Model? input = catalog.Find(name);
            if (range.After == range.Until)
            {
                continue;
            }

            if (input?.EventTime is null)
            {
                return null;
            }

            if (input.Materialization == Materialization.ReplacePartitions)
            {
                foreach (AddFile file in await inputs.ChangedFilesAsync(name, cancellationToken).ConfigureAwait(false))
                {
                    (DateOnly first, DateOnly last) = DaysOf(file, input);
                    days.Add(first, Months.AddDays(last, batch.Model.ReachDays));
                }
            }
            else if (await inputs.AddedFilesAsync(name, cancellationToken).ConfigureAwait(false) is { } added)
            {
                await AddAsync(days, input, added, batch.Model.ReachDays, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                return null;
            }
        }

        if (batch.Inputs is { FromDay: { } from, ToDay: { } end } && end > from)
        {
            days.Add(from, end.AddDays(-1));
        }

        return days;
    }

    // Rows of a month's partition are of days of that month, whatever its statistics say or leave out.
    private static (DateOnly First, DateOnly Last) DaysOf(AddFile file, Model input)
    {
        DateOnly month = Months.FirstDay(Months.Of(file, input.PartitionBy!));
        return FileBounds.DaysOf(file, input.EventTime!) is { } days && Months.FirstDay(days.First) == month && Months.FirstDay(days.Last) == month
            ? days
            : (month, Months.LastDay(month));
    }

    private async Task AddAsync(DaySpans days, Model input, IReadOnlyList<AddFile> added, int reachDays, CancellationToken cancellationToken)
    {
        List<AddFile> asked = [];
        foreach (AddFile file in added)
        {
            if (FileBounds.DaysOf(file, input.EventTime!) is { } known && known.Last.DayNumber - known.First.DayNumber < CloseDays)
            {
                days.Add(known.First, Months.AddDays(known.Last, reachDays));
            }
            else
            {
                asked.Add(file);
            }
        }

        if (asked.Count == 0)
        {
            return;
        }

        Relation rows = await inputs.ReadAsync(input.Table, asked, cancellationToken).ConfigureAwait(false);
        foreach (IReadOnlyList<string?> day in await session.QueryAsync($"SELECT DISTINCT CAST({Months.DayOf(input, input.EventTime!)} AS STRING) FROM {rows.Sql} AS added", cancellationToken).ConfigureAwait(false))
        {
            DateOnly found = DateOnly.ParseExact(day[0]!, Months.DayFormat, CultureInfo.InvariantCulture);
            days.Add(found, Months.AddDays(found, reachDays));
        }
    }
}
