using LakehouseLab.World.Randomness;
using LakehouseLab.World.Settings;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>
/// Who is updated when: in each period everyone once, in an order of its own, at instants spread evenly with jitter. So a
/// row's person and instant, and the row of a person and instant, are arithmetic. Immutable.
/// </summary>
internal sealed class UpdateSchedule(WorldSettings settings)
{
    private readonly long _users = settings.Users;
    private readonly long _startMs = settings.Start.ToUnixTimeMilliseconds();
    private readonly ulong _orderKey = Draw.Key(unchecked((ulong)settings.Seed), Purpose.ProfileOrder, 0);
    private readonly ulong _timeKey = Draw.Key(unchecked((ulong)settings.Seed), Purpose.ProfileTime, 0);

    /// <summary>The order of a period.</summary>
    public Permutation OrderOf(long period) => new(Draw.Bits(_orderKey, (ulong)period), _users);

    /// <summary>The instant of an update.</summary>
    /// <param name="update">Its number from 0, over all periods.</param>
    public long InstantOf(long update)
    {
        long period = Math.DivRem(update, _users, out long place);
        long jitter = (long)Draw.Below(Draw.Bits(_timeKey, (ulong)update), ProfileFigures.UpdatePeriodMs);
        long offset = (long)((((Int128)place * ProfileFigures.UpdatePeriodMs) + jitter) / _users);
        return _startMs + (period * ProfileFigures.UpdatePeriodMs) + offset;
    }

    /// <summary>How many updates are before an instant.</summary>
    public long CountBefore(long unixMs)
    {
        long period = Math.DivRem(unixMs - _startMs, ProfileFigures.UpdatePeriodMs, out long rest);
        long update = (period * _users) + Math.Max(0, (long)((Int128)rest * _users / ProfileFigures.UpdatePeriodMs) - 1);
        while (InstantOf(update) < unixMs)
        {
            update++;
        }

        return update;
    }

    /// <summary>The update of a person at an instant.</summary>
    /// <returns>Its number, or -1 when there is none at that instant.</returns>
    public long Find(long userId, long unixMs)
    {
        if (userId < 1 || userId > _users || unixMs < _startMs)
        {
            return -1;
        }

        long period = (unixMs - _startMs) / ProfileFigures.UpdatePeriodMs;
        long update = (period * _users) + OrderOf(period).Invert(userId - 1);
        return InstantOf(update) == unixMs ? update : -1;
    }
}
