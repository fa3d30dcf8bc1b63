using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Domains.Devices;

/// <summary>The columns of a batch of device logs, looked up once for a block.</summary>
/// <param name="batch">A batch of the domain.</param>
public readonly struct DeviceLogColumns(RecordBatch batch)
{
    /// <summary>user_id.</summary>
    public long[] Users { get; } = ((Int64Column)batch.Columns[1]).Values;

    /// <summary>device_id.</summary>
    public UuidColumn Devices { get; } = (UuidColumn)batch.Columns[2];

    /// <summary>device_type.</summary>
    public DictionaryColumn Types { get; } = (DictionaryColumn)batch.Columns[3];

    /// <summary>os.</summary>
    public DictionaryColumn Systems { get; } = (DictionaryColumn)batch.Columns[4];

    /// <summary>location.</summary>
    public DictionaryColumn Places { get; } = (DictionaryColumn)batch.Columns[6];

    /// <summary>login_timestamp, in Unix milliseconds.</summary>
    public long[] Logins { get; } = ((TimestampColumn)batch.Columns[8]).Milliseconds;

    /// <summary>logout_timestamp.</summary>
    public TimestampColumn Logouts { get; } = (TimestampColumn)batch.Columns[9];
}
