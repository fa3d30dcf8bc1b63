using System.Runtime.InteropServices;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains.Devices;

namespace LakehouseLab.Audit.Gold;

/// <summary>Makes the rows of gold.device_activity, month by month. Not thread-safe.</summary>
/// <param name="output">Takes the rows; null when nobody wants them.</param>
/// <param name="totals">Takes what customer_360 says; null when nobody wants it.</param>
/// <param name="people">The shard whose people's sessions are looked at; null for everyone's.</param>
internal sealed class DeviceAggregates(IExpectedRows? output, DeviceTotals? totals, Shard? people = null) : IRowObserver
{
    private readonly Dictionary<DeviceKey, int> _numbers = [];
    private readonly List<Activity> _activities = [];
    private readonly KeySet _places = new();
    private readonly Calendar _calendar = new();
    private readonly Cell[] _cells = new Cell[10];
    private readonly CellTexts _texts = new();
    private TextIndex? _typeTexts;
    private TextIndex? _systemTexts;
    private TextIndex? _placeTexts;
    private int _month = int.MinValue;

    /// <inheritdoc/>
    public bool NeedsLines => false;

    /// <inheritdoc/>
    public ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        DeviceLogColumns columns = new(block.Batch);
        long[] users = columns.Users;
        UuidColumn devices = columns.Devices;
        DictionaryColumn types = columns.Types;
        DictionaryColumn systems = columns.Systems;
        DictionaryColumn places = columns.Places;
        long[] logins = columns.Logins;
        TimestampColumn logouts = columns.Logouts;
        if (_typeTexts is null || _systemTexts is null || _placeTexts is null)
        {
            _texts.Use("device_type", _typeTexts = new TextIndex(types.Dictionary));
            _texts.Use("os", _systemTexts = new TextIndex(systems.Dictionary));
            _placeTexts = new TextIndex(places.Dictionary);
        }

        for (int row = first; row < first + count; row++)
        {
            if (people is { } share && !share.Takes(users[row]))
            {
                continue;
            }

            int month = _calendar.MonthOf(Calendar.DayOf(logins[row]));
            if (month != _month)
            {
                Complete();
                _month = month;
            }

            int number = NumberOf(new DeviceKey(users[row], devices.High[row], devices.Low[row]));
            ref Activity activity = ref CollectionsMarshal.AsSpan(_activities)[number];
            if (activity.Logins++ == 0)
            {
                (activity.Type, activity.System, activity.FirstLogin) = (types.Indices[row], systems.Indices[row], logins[row]);
            }

            activity.Type = Lesser(_typeTexts, activity.Type, types.Indices[row]);
            activity.System = Lesser(_systemTexts, activity.System, systems.Indices[row]);
            activity.OpenSessions += logouts.IsNull(row) ? 1 : 0;
            activity.Places += _places.Add(((ulong)(uint)number << 32) | (uint)_placeTexts.Canonical(places.Indices[row])) ? 1 : 0;
            activity.LastLogin = logins[row];
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        foreach ((DeviceKey key, int number) in _numbers)
        {
            Activity activity = _activities[number];
            totals?.Add(key, activity.Logins, activity.LastLogin * 1000);
            _cells[0] = Cell.Of(_month);
            _cells[1] = Cell.Of(key.User);
            _cells[2] = Cell.Of(key.DeviceHigh, key.DeviceLow);
            _cells[3] = _typeTexts!.CellOf(activity.Type);
            _cells[4] = _systemTexts!.CellOf(activity.System);
            _cells[5] = Cell.Of(activity.Logins);
            _cells[6] = Cell.Of(activity.OpenSessions);
            _cells[7] = Cell.Of(activity.Places);
            _cells[8] = Cell.Of(activity.FirstLogin * 1000);
            _cells[9] = Cell.Of(activity.LastLogin * 1000);
            output?.Add(_month, _cells, _texts);
        }

        _numbers.Clear();
        _activities.Clear();
        _places.Clear();
    }

    private static int Lesser(TextIndex texts, int left, int right) =>
        left == right || string.CompareOrdinal(texts.TextOf(left), texts.TextOf(right)) <= 0 ? left : right;

    private int NumberOf(in DeviceKey key)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, key, out bool exists);
        if (!exists)
        {
            number = _activities.Count;
            _activities.Add(default);
        }

        return number;
    }

    /// <summary>A person and a device.</summary>
    internal readonly record struct DeviceKey(long User, ulong DeviceHigh, ulong DeviceLow);

    private struct Activity
    {
        public long Logins;
        public long OpenSessions;
        public long Places;
        public long FirstLogin;
        public long LastLogin;
        public int Type;
        public int System;
    }
}
