using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Devices;
using LakehouseLab.World.Domains.Profiles;
using LakehouseLab.World.Domains.Transactions;

namespace LakehouseLab.Tests;

/// <summary>The domains that come with the program.</summary>
internal static class BuiltIn
{
    public static Domain Transaction { get; } = Domain.Of<TransactionDomain>();

    public static Domain UserProfile { get; } = Domain.Of<UserProfileDomain>();

    public static Domain DeviceLog { get; } = Domain.Of<DeviceLogDomain>();
}
