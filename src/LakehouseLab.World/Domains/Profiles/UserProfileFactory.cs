using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Parts;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>
/// Makes profiles: rows 0 … users − 1 are everyone's at the start, in order of user_id; the rows after that are updates
/// in order of time, without end.
/// </summary>
public sealed class UserProfileFactory : IDataFactory
{
    // Longer than any name, address, phone number or e-mail address of the data files, in bytes.
    private const int LongestText = 256;

    // 9999-12-31T23:59:59.999Z.
    private const long LastMs = 253_402_300_799_999;

    private static readonly QuantileTable Scores = Piecewise([.. ProfileFigures.Scores.Select(step => (step.Share, (double)step.Score))]);
    private static readonly QuantileTable Ages = Piecewise([.. ProfileFigures.Ages.Select(step => (step.Share, (double)step.Age))]);

    private readonly WorldParts _parts;
    private readonly UpdateSchedule _schedule;
    private readonly long _users;
    private readonly long _startMs;
    private readonly int _startDay;

    internal UserProfileFactory(UserProfileDomain domain, WorldParts parts)
    {
        Domain = domain;
        _parts = parts;
        _schedule = new UpdateSchedule(parts.Settings);
        _users = parts.Settings.Users;
        _startMs = parts.Settings.Start.ToUnixTimeMilliseconds();
        _startDay = (int)(_startMs / Time.Timeline.DayMs);
    }

    /// <inheritdoc/>
    public Domain Domain { get; }

    /// <inheritdoc/>
    public RecordBatch CreateBatch()
    {
        IReadOnlyList<Field> fields = Domain.Schema.Fields;
        return new RecordBatch(Domain.Schema, Block.Rows,
        [
            new Int64Column(fields[0], Block.Rows),
            new Utf8Column(fields[1], Block.Rows),
            new Utf8Column(fields[2], Block.Rows),
            new Utf8Column(fields[3], Block.Rows),
            new DateColumn(fields[4], Block.Rows),
            new Utf8Column(fields[5], Block.Rows),
            new DictionaryColumn(fields[6], Block.Rows, _parts.Words.Countries),
            new TimestampColumn(fields[7], Block.Rows),
            new DecimalColumn(fields[8], Block.Rows),
            new DictionaryColumn(fields[9], Block.Rows, RiskLevels.Texts),
            new TimestampColumn(fields[10], Block.Rows),
        ]);
    }

    /// <inheritdoc/>
    public void FillBlock(RecordBatch batch, long block)
    {
        batch.FirstRow = block * Block.Rows;
        batch.Count = Block.Rows;
        long orderedPeriod = -1;
        Permutation order = default;
        TimestampColumn updatedAt = (TimestampColumn)batch.Columns[10];
        for (int i = 0; i < Block.Rows; i++)
        {
            long update = batch.FirstRow + i - _users;
            updatedAt.Nulls![i] = update < 0;
            if (update < 0)
            {
                Write(batch, i, batch.FirstRow + i + 1, _startMs, 0);
                continue;
            }

            long period = update / _users;
            if (period != orderedPeriod)
            {
                orderedPeriod = period;
                order = _schedule.OrderOf(period);
            }

            long instant = _schedule.InstantOf(update);
            if (instant > LastMs)
            {
                throw new WorldEndException("the world ends with the year 9999, the last that RFC 3339 can write: ask for fewer rows or an earlier start");
            }

            updatedAt.Milliseconds[i] = instant;
            Write(batch, i, order.Apply(update - (period * _users)) + 1, instant, period + 1);
        }
    }

    /// <inheritdoc/>
    public long CountBefore(long unixMilliseconds) =>
        unixMilliseconds <= _startMs ? 0 : _users + _schedule.CountBefore(unixMilliseconds);

    /// <inheritdoc/>
    public long FindRow(RecordKey key)
    {
        long userId = unchecked((long)key.High);
        if (key == ProfileKey.Of(userId, null))
        {
            return userId >= 1 && userId <= _users ? userId - 1 : -1;
        }

        long update = _schedule.Find(userId, unchecked((long)key.Low));
        return update < 0 ? -1 : _users + update;
    }

    private static QuantileTable Piecewise((double Share, double Value)[] steps) => QuantileTable.Of(u =>
    {
        int right = 1;
        while (steps[right].Share < u)
        {
            right++;
        }

        (double share, double value) = steps[right - 1];
        return value + ((u - share) / (steps[right].Share - share) * (steps[right].Value - value));
    });

    private static long Version(ulong personKey, ulong purpose, long unixMs)
    {
        ulong bits = Draw.Bits(personKey, purpose);
        long length = ProfileFigures.ShortestContactMs
            + (long)Draw.Below(bits, ProfileFigures.LongestContactMs - ProfileFigures.ShortestContactMs);
        return (unixMs + (long)(bits % (ulong)length)) / length;
    }

    private static int ScoreOf(ulong personKey, long month)
    {
        double rank = Draw.Unit(Draw.Bits(personKey, Purpose.Score));
        double drift = ProfileFigures.ScoreDrift * ((2 * Draw.Unit(Draw.Bits(personKey, Purpose.MonthlyScore + (ulong)month))) - 1);
        double drifted = rank + drift;
        drifted = drifted < 0 ? -drifted : drifted >= 1 ? 2 - drifted : drifted;
        return Math.Min(850, (int)Scores.At((ulong)(drifted * (1UL << 53)) << 11));
    }

    // Points for score, country and newness; documented noise keeps it from being a formula of the other fields.
    private static int RiskOf(ulong personKey, int score, int countryRisk, long membershipMs, long month)
    {
        double points = ((750 - score) / 100.0) + (0.5 * (countryRisk - 1))
            + (membershipMs < 365 * Time.Timeline.DayMs ? 0.5 : 0)
            + (ProfileFigures.RiskNoise * ((2 * Draw.Unit(Draw.Bits(personKey, Purpose.Risk + (ulong)month))) - 1));
        return points < 0.7 ? 0 : points < 2 ? 1 : 2;
    }

    private void Write(RecordBatch batch, int row, long userId, long instant, long month)
    {
        long person = _parts.Population.PersonOf(userId);
        ulong key = _parts.Population.KeyOf(person);
        Market market = _parts.Population.Markets[_parts.Population.MarketOf(person)];
        City home = Atlas.Instance.Cities[Population.HomeAt(key, market, instant)];
        long signup = _startMs - 1 - (long)Draw.Below(Draw.Bits(key, Purpose.Signup), ProfileFigures.LongestMembershipMs);
        int score = ScoreOf(key, month);

        ((Int64Column)batch.Columns[0]).Values[row] = userId;
        Utf8Column name = (Utf8Column)batch.Columns[1];
        name.Advance(row, ProfileTexts.Instance.WriteName(name.Reserve(row, LongestText), key, market.Country));
        Utf8Column email = (Utf8Column)batch.Columns[2];
        email.Advance(row, ProfileTexts.WriteEmail(email.Reserve(row, LongestText), key, Version(key, Purpose.EmailLength, instant), userId));
        Utf8Column phone = (Utf8Column)batch.Columns[3];
        phone.Advance(row, ProfileTexts.WritePhone(phone.Reserve(row, LongestText), key, Version(key, Purpose.PhoneLength, instant), market.Country));
        ((DateColumn)batch.Columns[4]).Days[row] = _startDay - (int)(Ages.At(Draw.Bits(key, Purpose.Birth)) * 365.25);
        Utf8Column address = (Utf8Column)batch.Columns[5];
        address.Advance(row, ProfileTexts.Instance.WriteAddress(address.Reserve(row, LongestText), key, Population.ResidenceAt(key, instant), home));
        ((DictionaryColumn)batch.Columns[6]).Indices[row] = market.Country.Index;
        ((TimestampColumn)batch.Columns[7]).Milliseconds[row] = signup;
        ((DecimalColumn)batch.Columns[8]).Units[row] = score;
        ((DictionaryColumn)batch.Columns[9]).Indices[row] = RiskOf(key, score, market.Country.Risk, instant - signup, month);
    }
}
