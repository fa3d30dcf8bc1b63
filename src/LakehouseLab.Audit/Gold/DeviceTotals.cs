namespace LakehouseLab.Audit.Gold;

/// <summary>What customer_360 says about people's sessions. Not thread-safe.</summary>
internal sealed class DeviceTotals
{
    private readonly HashSet<DeviceAggregates.DeviceKey> _devices = [];

    /// <summary>The people who logged in.</summary>
    public Dictionary<long, (long Logins, long Devices, long LastLogin)> People { get; } = [];

    /// <summary>Adds a month's sessions of a person on a device.</summary>
    /// <param name="key">Person and device.</param>
    /// <param name="logins">How many.</param>
    /// <param name="lastLogin">The last one, in microseconds.</param>
    public void Add(in DeviceAggregates.DeviceKey key, long logins, long lastLogin)
    {
        (long Logins, long Devices, long LastLogin) person = People.GetValueOrDefault(key.User, (0, 0, long.MinValue));
        People[key.User] = (person.Logins + logins, person.Devices + (_devices.Add(key) ? 1 : 0), Math.Max(person.LastLogin, lastLogin));
    }
}
