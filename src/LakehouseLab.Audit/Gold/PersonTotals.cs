using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Domains.Devices;
using LakehouseLab.World.Domains.Profiles;
using LakehouseLab.World.Domains.Transactions;

namespace LakehouseLab.Audit.Gold;

/// <summary>
/// What the tables with a row for each person are made of. All rows of the world must be seen for it, of which those of other shards' people are left alone. When a pass that
/// makes other tables too has seen them, nothing is left to do; otherwise they are seen when it is asked for.
/// </summary>
internal sealed class PersonTotals
{
    private readonly EmulatedWorld _world;
    private readonly IReadOnlyDictionary<Domain, DomainRanges> _domains;
    private readonly Shard? _people;
    private readonly bool _all;
    private readonly Lock _lock = new();
    private Task? _seen;

    /// <summary>Prepares.</summary>
    /// <param name="world">The world.</param>
    /// <param name="domains">The delivered rows.</param>
    /// <param name="people">The shard whose people are looked at; null for everyone, whose rows others see.</param>
    /// <param name="all">Whether payments and sessions are needed, and not only profiles.</param>
    public PersonTotals(EmulatedWorld world, IReadOnlyDictionary<Domain, DomainRanges> domains, Shard? people, bool all)
    {
        _world = world;
        _domains = domains;
        _people = people;
        _all = all;
        _seen = people is null ? Task.CompletedTask : null;
        Profiles = new PresentProfiles(world, people);
        Rates = static () => null;
    }

    /// <summary>The newest profiles.</summary>
    public PresentProfiles Profiles { get; }

    /// <summary>The payments.</summary>
    public PaymentTotals Payments { get; } = new();

    /// <summary>The sessions.</summary>
    public DeviceTotals Devices { get; } = new();

    /// <summary>Converts currencies; gives null when there was no payment.</summary>
    public Func<UsdRates?> Rates { get; set; }

    /// <summary>Sees to it that all rows were seen, once.</summary>
    public Task SeeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _seen ??= SeeAllAsync(cancellationToken);
        }
    }

    private async Task SeeAllAsync(CancellationToken cancellationToken)
    {
        await SeeAsync(Domain.Of<UserProfileDomain>(), Profiles, cancellationToken).ConfigureAwait(false);
        if (_all)
        {
            PaymentAggregates payments = new(new PaymentOutputs(Totals: Payments) { People = _people });
            Rates = () => payments.Rates;
            await SeeAsync(Domain.Of<TransactionDomain>(), payments, cancellationToken).ConfigureAwait(false);
            await SeeAsync(Domain.Of<DeviceLogDomain>(), new DeviceAggregates(null, Devices, _people), cancellationToken).ConfigureAwait(false);
        }
    }

    private Task SeeAsync(Domain domain, IRowObserver observer, CancellationToken cancellationToken) => new WorldPass(_world, _domains[domain], [observer], null).RunAsync(cancellationToken);
}
