using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Fraud;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Parts;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Time;
using LakehouseLab.World.Purchases;

namespace LakehouseLab.World.Domains.Devices;

/// <summary>
/// Makes sessions: block k covers the time of the transaction blocks 2k and 2k + 1. Each remote purchase of these has a
/// login before it in the same block, so that nobody buys remotely without; takeovers and card testing log in from the
/// crook's device. The other logins are ordinary life.
/// </summary>
public sealed class DeviceLogFactory : IDataFactory
{
    private const int PurchaseBlocks = 2;
    private static readonly AliasTable Kinds = new([.. DeviceFigures.Kinds.Select(kind => kind.Share)]);
    private static readonly AliasTable Counts = new(DeviceFigures.DeviceCounts);
    private static readonly QuantileTable SessionLengths =
        QuantileTable.Of(u => DeviceFigures.SessionMedianMs * WorldMath.Exp(DeviceFigures.SessionSigma * QuantileTable.Normal.At((ulong)(u * ulong.MaxValue))));

    private readonly WorldParts _parts;
    private readonly PersonCache _people;
    private readonly PurchasePlan _purchases;
    private readonly RowId _ids;
    private readonly ulong _sessionKey;
    private readonly ulong _spacingKey;
    private readonly Login[] _logins = new Login[Block.Rows];
    private readonly double[] _spacings = new double[Block.Rows + 1];
    private readonly long[] _order = new long[Block.Rows];
    private RecordBatch? _scratch;

    internal DeviceLogFactory(DeviceLogDomain domain, WorldParts parts)
    {
        Domain = domain;
        _parts = parts;
        _people = new PersonCache(parts.Population);
        _purchases = new PurchasePlan(parts, _people);
        ulong seed = unchecked((ulong)parts.Settings.Seed);
        _ids = new RowId(Draw.Key(seed, Purpose.LogId, 0));
        _sessionKey = Draw.Key(seed, Purpose.Session, 0);
        _spacingKey = Draw.Key(seed, Purpose.SessionSpacing, 0);
    }

    /// <inheritdoc/>
    public Domain Domain { get; }

    /// <inheritdoc/>
    public RecordBatch CreateBatch()
    {
        IReadOnlyList<Field> fields = Domain.Schema.Fields;
        return new RecordBatch(Domain.Schema, Block.Rows,
        [
            new UuidColumn(fields[0], Block.Rows),
            new Int64Column(fields[1], Block.Rows),
            new UuidColumn(fields[2], Block.Rows),
            new DictionaryColumn(fields[3], Block.Rows, DeviceWords.TypeTexts),
            new DictionaryColumn(fields[4], Block.Rows, DeviceWords.SystemTexts),
            new Utf8Column(fields[5], Block.Rows),
            new DictionaryColumn(fields[6], Block.Rows, _parts.Words.Places),
            new DictionaryColumn(fields[7], Block.Rows, DeviceWords.UserAgents),
            new TimestampColumn(fields[8], Block.Rows),
            new TimestampColumn(fields[9], Block.Rows),
        ]);
    }

    /// <inheritdoc/>
    public void FillBlock(RecordBatch batch, long block)
    {
        batch.FirstRow = block * Block.Rows;
        batch.Count = Block.Rows;
        long fromMs = _parts.Timeline.BlockStart(block * PurchaseBlocks);
        ulong blockKey = Draw.Bits(_sessionKey, (ulong)block);
        int count = AddPurchaseLogins(block, blockKey, fromMs);
        AddOrdinaryLogins(block, blockKey, fromMs, count);

        // Instant and place make each key unique, so the order does not depend on how the sort treats equals.
        for (int i = 0; i < Block.Rows; i++)
        {
            _order[i] = ((_logins[i].Milliseconds - fromMs) * Block.Rows) + i;
        }

        Array.Sort(_order);
        for (int row = 0; row < Block.Rows; row++)
        {
            int place = (int)(_order[row] & (Block.Rows - 1));
            Write(batch, row, _logins[place], Draw.Bits(blockKey, (ulong)(Block.Rows + place)));
        }
    }

    /// <inheritdoc/>
    public long CountBefore(long unixMilliseconds)
    {
        long purchaseBlock = _parts.Timeline.BlockOf(unixMilliseconds);
        if (purchaseBlock < 0)
        {
            return 0;
        }

        _scratch ??= CreateBatch();
        FillBlock(_scratch, purchaseBlock / PurchaseBlocks);
        ReadOnlySpan<long> instants = ((TimestampColumn)_scratch.Columns[Domain.Schema.IndexOf(Domain.Schema.EventTime)]).Milliseconds;
        return _scratch.FirstRow + SortedInstants.CountBefore(instants[..Block.Rows], unixMilliseconds);
    }

    /// <inheritdoc/>
    public long FindRow(RecordKey key) => _ids.Find(key);

    private int AddPurchaseLogins(long block, ulong blockKey, long fromMs)
    {
        int count = 0;
        for (int part = 0; part < PurchaseBlocks; part++)
        {
            _purchases.Fill((block * PurchaseBlocks) + part);
            foreach (ref readonly PlannedPurchase purchase in _purchases.Rows.AsSpan())
            {
                if (purchase.IsRemote && count < Block.Rows)
                {
                    long longest = Math.Min(DeviceFigures.LongestLeadMs, purchase.Milliseconds - fromMs);
                    long instant = purchase.Milliseconds - (long)Draw.Below(Draw.Bits(blockKey, (ulong)count), (ulong)longest + 1);
                    _logins[count++] = purchase.Episode < 0
                        ? new Login(instant, purchase.Person, -1, FraudRule.None, 0)
                        : LoginOf(_purchases.EpisodeOf(purchase), instant);
                }
            }
        }

        return count;
    }

    private static Login LoginOf(in EpisodeRow purchase, long instant) =>
        new(instant, purchase.Person, purchase.Crook, purchase.Rule, purchase.Episode);

    private void AddOrdinaryLogins(long block, ulong blockKey, long fromMs, int count)
    {
        ulong spacingKey = Draw.Bits(_spacingKey, (ulong)block);
        int ordinary = Block.Rows - count;
        double total = 0;
        for (int i = 0; i <= ordinary; i++)
        {
            _spacings[i] = QuantileTable.Exponential.At(Draw.Bits(spacingKey, (ulong)i));
            total += _spacings[i];
        }

        double scale = PurchaseBlocks * (double)_parts.Timeline.UnitsPerBlock / total;
        long position = _parts.Timeline.PositionOfBlock(block * PurchaseBlocks);
        long lastMs = Math.Max(fromMs, _parts.Timeline.BlockStart((block + 1) * PurchaseBlocks) - 1);
        Timeline.Cursor cursor = _parts.Timeline.CursorAt(position);
        double passed = 0;
        for (int i = 0; i < ordinary; i++)
        {
            passed += _spacings[i];
            long instant = Math.Clamp(cursor.InstantAt(position + unchecked((long)(passed * scale))), fromMs, lastMs);
            ulong key = Draw.Bits(blockKey, (ulong)(count + i));
            int market = _parts.MarketsByHour[cursor.HourOfWeek].Pick(Draw.Bits(key, 0));
            _logins[count + i] = new Login(instant, _parts.Population.PickActive(market, Draw.Bits(key, 1)), -1, FraudRule.None, 0);
        }
    }

    private void Write(RecordBatch batch, int row, in Login login, ulong key)
    {
        ref readonly PersonFacts person = ref _people.Get(login.Person, login.Milliseconds);
        bool crooked = login.Crook >= 0;
        int city = crooked ? login.Crook : person.City;
        city = city == Population.OnTheWay ? Population.HomeAt(person.Key, _parts.Population.Markets[person.Market], login.Milliseconds) : city;
        ulong device = crooked ? Draw.Bits(_sessionKey, unchecked(0 - (ulong)login.Episode)) : PickDevice(person.Key, Draw.Bits(key, 0));
        int kind = Kinds.Pick(Draw.Bits(device, 0));
        int network = _parts.CountryOfCity[city];
        if (!crooked && Draw.Unit(Draw.Bits(key, 1)) < DeviceFigures.ForeignNetworkShare)
        {
            network = _parts.Countries.Pick(Draw.Bits(key, 2));
        }

        RecordKey id = _ids.Of(batch.FirstRow + row);
        Set((UuidColumn)batch.Columns[0], row, id.High, id.Low);
        ((Int64Column)batch.Columns[1]).Values[row] = person.UserId;
        Set((UuidColumn)batch.Columns[2], row, (Draw.Bits(device, 1) & ~0xF000UL) | 0x8000, (Draw.Bits(device, 2) >> 2) | (1UL << 63));
        ((DictionaryColumn)batch.Columns[3]).Indices[row] = DeviceWords.TypeOfKind[kind];
        ((DictionaryColumn)batch.Columns[4]).Indices[row] = DeviceWords.SystemOfKind[kind];
        Utf8Column address = (Utf8Column)batch.Columns[5];
        address.Advance(row, Network.Write(address.Reserve(row, Network.LongestAddress), network, Draw.Bits(device, 3 + (ulong)network)));
        ((DictionaryColumn)batch.Columns[6]).Indices[row] = city;
        ((DictionaryColumn)batch.Columns[7]).Indices[row] = kind;
        ((TimestampColumn)batch.Columns[8]).Milliseconds[row] = login.Milliseconds;
        TimestampColumn logout = (TimestampColumn)batch.Columns[9];
        logout.Nulls![row] = Draw.Unit(Draw.Bits(key, 3)) >= DeviceFigures.LogoutShare;
        logout.Milliseconds[row] = login.Milliseconds + 1000 + unchecked((long)SessionLengths.At(Draw.Bits(key, 4)));
        batch.Rules[row] = crooked ? login.Rule : FraudRule.None;
        batch.Episodes[row] = crooked ? login.Episode : 0;
    }

    private static void Set(UuidColumn column, int row, ulong high, ulong low)
    {
        column.High[row] = high;
        column.Low[row] = low;
    }

    private static ulong PickDevice(ulong personKey, ulong bits)
    {
        int others = Counts.Pick(Draw.Bits(personKey, Purpose.Devices));
        ulong chosen = others == 0 || Draw.Unit(bits) < DeviceFigures.FirstDeviceShare ? 0 : 1 + (bits & 0x3FF) % (ulong)others;
        return Draw.Bits(personKey, Purpose.Device + chosen);
    }

    private readonly record struct Login(long Milliseconds, long Person, int Crook, FraudRule Rule, long Episode);
}
