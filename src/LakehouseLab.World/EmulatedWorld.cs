using LakehouseLab.World.Devices;
using LakehouseLab.World.Profiles;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Transactions;

namespace LakehouseLab.World;

/// <summary>A world: a pure function of its settings. Immutable; factories are cheap and there is one for each thread.</summary>
public sealed class EmulatedWorld
{
    private readonly WorldParts _parts;

    /// <summary>Makes a world.</summary>
    /// <param name="settings">All that it is a function of.</param>
    /// <exception cref="InvalidRequestException">A setting is out of bounds.</exception>
    public EmulatedWorld(WorldSettings settings)
    {
        settings.Validate();
        Settings = settings;
        _parts = new WorldParts(settings);
    }

    /// <summary>All that the world is a function of.</summary>
    public WorldSettings Settings { get; }

    /// <summary>Makes a factory of a domain's rows, for one thread.</summary>
    /// <param name="schema">One of <see cref="DomainSchemas.All"/>.</param>
    public IDataFactory CreateFactory(DomainSchema schema) => schema.Domain switch
    {
        "transaction" => new TransactionFactory(_parts),
        "user-profile" => new UserProfileFactory(_parts),
        "device-log" => new DeviceLogFactory(_parts),
        _ => throw new ArgumentOutOfRangeException(nameof(schema), schema.Domain, "there is no such domain"),
    };
}
