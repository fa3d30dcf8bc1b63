using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Profiles;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Gold;

/// <summary>Which delivered version of each person's profile is the newest. Not thread-safe.</summary>
/// <param name="world">The world.</param>
/// <param name="people">The shard whose people's profiles are looked at; null for everyone's.</param>
internal sealed class PresentProfiles(EmulatedWorld world, Shard? people) : IRowObserver
{
    private static readonly UserProfileDomain s_domain = Domain.Of<UserProfileDomain>();
    private static readonly Validity s_validity = s_domain.Validity!;

    private readonly Dictionary<long, long> _rows = [];

    /// <inheritdoc/>
    public bool NeedsLines => false;

    /// <inheritdoc/>
    public ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        long[] users = new ProfileColumns(block.Batch).Users;
        for (int row = first; row < first + count; row++)
        {
            if (people?.Takes(users[row]) is not false)
            {
                _rows[users[row]] = block.Batch.FirstRow + row;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        // Rows come in order of time, so the last one of each person is the newest.
    }

    /// <summary>Whether a person has a profile.</summary>
    public bool Has(long user) => _rows.ContainsKey(user);

    /// <summary>Makes the newest profiles again.</summary>
    /// <param name="texts">Takes the texts of the profile at hand.</param>
    /// <returns>Per person, the value of each column.</returns>
    public IEnumerable<(long User, IReadOnlyDictionary<string, Cell> Cells)> Read(CellTexts texts)
    {
        IDataFactory factory = world.CreateFactory(s_domain);
        RecordBatch batch = factory.CreateBatch();
        long filled = -1;
        foreach ((long user, long row) in _rows.OrderBy(pair => pair.Value))
        {
            long block = row / IDataFactory.BlockRows;
            if (block != filled)
            {
                factory.FillBlock(batch, block);
                filled = block;
            }

            texts.Clear();
            yield return (user, CellsOf(batch, ExpectedRecords.PlaceOf(row), texts));
        }
    }

    private static Dictionary<string, Cell> CellsOf(RecordBatch batch, int row, CellTexts texts)
    {
        Dictionary<string, Cell> cells = batch.Columns.ToDictionary(column => column.Field.Name, column => CellOf(column, row, texts));
        cells[s_validity.Column.Name] = cells[s_validity.Since.First(field => !batch.Columns[batch.Schema.IndexOf(field)].IsNull(row))];
        cells["profile_since"] = cells[s_validity.Column.Name];
        return cells;
    }

    private static Cell CellOf(Column column, int row, CellTexts texts) =>
        column.IsNull(row) ? Cell.Null
        : column is TextColumn text ? texts.CellOf(System.Text.Encoding.UTF8.GetString(text.GetUtf8(row)))
        : Cell.Of(BatchValues.NumberOf(column, row));
}
