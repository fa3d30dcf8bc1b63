using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Devices;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Parts;
using LakehouseLab.World.Schemas;

[assembly: Domain<DeviceLogDomain>(Place = 3)]

namespace LakehouseLab.World.Domains.Devices;

/// <summary>Logins of people's devices.</summary>
public sealed class DeviceLogDomain : Domain
{
    private static readonly DomainSchema s_schema = new(
        "device-log",
        "device_logs",
        "device-logs",
        "A session of a device: a login and, most of the time, a logout.",
        [
            new("log_id", FieldType.Uuid, "The session."),
            new("user_id", FieldType.Int64, "The person whose account was used."),
            new("device_id", FieldType.Uuid, "The device."),
            new("device_type", FieldType.Text, "Kind of device.") { AllowedValues = DeviceWords.Types },
            new("os", FieldType.Text, "Operating system.") { AllowedValues = DeviceWords.Systems },
            new("ip_address", FieldType.Text, "IPv4 or IPv6 address from a range reserved for documentation or tests."),
            new("location", FieldType.Text, "`City, CC` of the login."),
            new("user_agent", FieldType.Text, "User agent of the browser or app."),
            new("login_timestamp", FieldType.Timestamp, "When the session began."),
            new("logout_timestamp", FieldType.Timestamp, "When it ended; absent when it was left open.") { Nullable = true },
        ],
        ["log_id"],
        "login_timestamp",
        "user_id");

    /// <summary>Makes the domain, which <see cref="Domain.All"/> does once.</summary>
    public DeviceLogDomain()
        : base(s_schema, new UuidKey(s_schema))
    {
    }

    /// <inheritdoc/>
    public override bool HasTruth => true;

    /// <inheritdoc/>
    internal override IDataFactory CreateFactory(WorldParts parts) => new DeviceLogFactory(this, parts);
}
