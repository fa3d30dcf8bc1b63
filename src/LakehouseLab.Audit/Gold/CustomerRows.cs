using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Gold;

/// <summary>Makes the rows of silver.user_profiles and gold.customer_360, once all records were seen; both may be made at once.</summary>
/// <param name="present">The table silver.user_profiles.</param>
/// <param name="overview">The table gold.customer_360.</param>
/// <param name="persons">What all records say of people.</param>
internal sealed class CustomerRows(GoldTable present, GoldTable overview, PersonTotals persons)
{
    private static readonly Dictionary<string, Cell> s_noProfile = [];

    /// <summary>Hands on the rows of silver.user_profiles.</summary>
    public void MakeProfiles(IExpectedRows output)
    {
        CellTexts texts = new();
        Cell[] cells = new Cell[1 + present.Values.Count];
        foreach ((long user, IReadOnlyDictionary<string, Cell> profile) in persons.Profiles.Read(texts))
        {
            cells[0] = Cell.Of(user);
            Set(cells, present.Values, profile);
            output.Add(0, cells, texts);
        }
    }

    /// <summary>Hands on the rows of gold.customer_360: everyone with a profile, a payment or a session.</summary>
    public void MakeCustomers(IExpectedRows output)
    {
        Dictionary<long, (PaymentTotals.Person Person, long Cents)> spenders = persons.Rates() is { } usd ? persons.Payments.Complete(usd) : [];
        CellTexts texts = new();
        foreach ((long user, IReadOnlyDictionary<string, Cell> profile) in persons.Profiles.Read(texts))
        {
            Make(user, profile, spenders, output, texts);
        }

        foreach (long user in spenders.Keys.Concat(persons.Devices.People.Keys.Where(user => !spenders.ContainsKey(user))))
        {
            if (!persons.Profiles.Has(user))
            {
                Make(user, s_noProfile, spenders, output, texts);
            }
        }
    }

    private void Make(
        long user, IReadOnlyDictionary<string, Cell> profile, Dictionary<long, (PaymentTotals.Person Person, long Cents)> spenders, IExpectedRows output, CellTexts texts)
    {
        bool pays = spenders.TryGetValue(user, out (PaymentTotals.Person Person, long Cents) spender);
        bool logsIn = persons.Devices.People.TryGetValue(user, out (long Logins, long Devices, long LastLogin) sessions);
        Cell[] cells = new Cell[1 + overview.Values.Count];
        cells[0] = Cell.Of(user);
        Set(cells, overview.Values, profile);
        Cell[] sums =
        [
            Cell.Of(spender.Person.Payments), Cell.Of(spender.Person.ActiveDays), Cell.Of(spender.Person.Merchants), Cell.Of(spender.Cents),
            pays ? Cell.Of(spender.Person.FirstDay) : Cell.Null, pays ? Cell.Of(spender.Person.LastDay) : Cell.Null,
            Cell.Of(sessions.Logins), Cell.Of(sessions.Devices), logsIn ? Cell.Of(sessions.LastLogin) : Cell.Null,
        ];
        sums.CopyTo(cells, cells.Length - sums.Length);
        output.Add(0, cells, texts);
    }

    private static void Set(Cell[] cells, IReadOnlyList<TableColumn> columns, IReadOnlyDictionary<string, Cell> profile)
    {
        for (int column = 0; column < columns.Count; column++)
        {
            cells[column + 1] = profile.TryGetValue(columns[column].Name, out Cell cell) ? cell : Cell.Null;
        }
    }
}
