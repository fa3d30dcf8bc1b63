using System.Text.Json;
using LakehouseLab.Storage;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>A lake: one world's raw records and tables below one root.</summary>
public sealed class Lake
{
    private Lake(IObjectStore store) => Store = store;

    /// <summary>The root as the user wrote it.</summary>
    public string Location => Store.Location;

    /// <summary>The lake's objects.</summary>
    public IObjectStore Store { get; }

    /// <summary>Opens a lake; nothing is made yet.</summary>
    /// <param name="location">A folder, or <c>s3://bucket/prefix</c>; it need not exist.</param>
    /// <param name="cancellationToken">Cancels the wait for the lake's answer.</param>
    /// <exception cref="InvalidRequestException">The location cannot be a lake, or a newer program made the lake.</exception>
    /// <exception cref="StorageException">The place cannot be reached, so that it is not known who made the lake.</exception>
    public static async Task<Lake> OpenAsync(string location, CancellationToken cancellationToken)
    {
        IObjectStore store;
        try
        {
            store = ObjectStores.Open(location);
        }
        catch (StorageLocationException exception)
        {
            throw new InvalidRequestException($"lake: {exception.Message}", exception);
        }

        if (await store.ReadAsync(LakeLayout.World, cancellationToken).ConfigureAwait(false) is { } world)
        {
            RefuseNewer(world, $"{store.Location}/{LakeLayout.World}");
        }

        return new Lake(store);
    }

    /// <summary>The same lake over a store that does more than the one it has, such as failing at will.</summary>
    internal Lake Through(Func<IObjectStore, IObjectStore> wrap) => new(wrap(Store));

    /// <summary>Refuses an empty lake, as a mistyped name gives.</summary>
    /// <param name="purpose">What there is nothing for, such as <c>to ingest</c>.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="InvalidRequestException">The lake is empty or not there.</exception>
    public async Task RequireContentAsync(string purpose, CancellationToken cancellationToken)
    {
        await foreach (ObjectInfo _ in Store.ListAsync(string.Empty, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        throw new InvalidRequestException($"lake '{Location}' is empty, so there is nothing {purpose}: emulate into it first, or give another --lake");
    }

    /// <summary>Takes parts of the lake for this process: of two that write tables at once, or serve it, the second is refused. If nobody else writes to
    /// the lake, what killed processes left half-written is deleted first. For a lake on S3 this holds among the processes of a user on one machine; of
    /// writers on several, put-if-absent lets one win each object.</summary>
    /// <param name="parts">What of it.</param>
    /// <param name="cancellationToken">Cancels the deletion; the lake is not taken then.</param>
    /// <exception cref="InvalidRequestException">Another process has one of the parts.</exception>
    /// <exception cref="StorageException">The lake cannot be written to.</exception>
    public async Task<LakeLock> LockAsync(LakePart parts, CancellationToken cancellationToken)
    {
        await CleanUpAsync(cancellationToken).ConfigureAwait(false);
        List<string> keys = [];
        if (parts.HasFlag(LakePart.Tables))
        {
            keys.Add(LakeLayout.LockOfTables);
        }

        if (parts.HasFlag(LakePart.Jobs))
        {
            keys.Add(LakeLayout.LockOfService);
        }

        return await LakeLock.TryTakeAsync(Store, keys, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidRequestException($"lake '{Location}' is in use by another run: wait until it ends, or use another lake");
    }

    /// <summary>Takes an emulation for this process, which alone delivers its rows meanwhile, as far as <see cref="LockAsync"/> reaches.</summary>
    /// <exception cref="EmulationInUseException">Another process has it.</exception>
    /// <exception cref="StorageException">The lake cannot be written to.</exception>
    public async Task<LakeLock> LockEmulationAsync(Guid emulation, CancellationToken cancellationToken) =>
        await LakeLock.TryTakeAsync(Store, [LakeLayout.LockOf(emulation)], cancellationToken).ConfigureAwait(false)
            ?? throw new EmulationInUseException($"emulation {emulation} of lake '{Location}' is under way in another run: wait until that ends, or ask for other rows");

    // Everybody who writes holds a share of the lock. Files of locks go as well: one of an emulation is used again only if the emulation is continued.
    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        using IDisposable? whole = Store.TryLock(LakeLayout.Lock);
        if (whole is not null)
        {
            await Store.DeleteAbandonedAsync(cancellationToken).ConfigureAwait(false);
            Store.DeleteLocks(LakeLayout.EmulationLocks);
        }
    }

    /// <summary>The settings of the lake's world.</summary>
    /// <returns>The settings, or null when the lake has no world yet.</returns>
    /// <exception cref="InvalidRequestException">A newer program made the lake.</exception>
    /// <exception cref="LakeException">The binding is damaged.</exception>
    public async Task<WorldSettings?> ReadWorldAsync(CancellationToken cancellationToken)
    {
        byte[]? json = await Store.ReadAsync(LakeLayout.World, cancellationToken).ConfigureAwait(false);
        if (json is null)
        {
            return null;
        }

        string place = $"{Location}/{LakeLayout.World}";
        RefuseNewer(json, place);
        WorldBinding binding = LakeDocument.Read(json, place, LakeDocuments.Default.WorldBinding);
        if (binding.World.Version != WorldSettings.CurrentVersion)
        {
            throw new InvalidRequestException(
                $"lake '{Location}' holds a world of version {binding.World.Version}, this program makes version {WorldSettings.CurrentVersion}: use the program that made it, or another lake");
        }

        return binding.World;
    }

    /// <summary>Binds the lake to a world at its first write, or checks that it is bound to this one.</summary>
    /// <exception cref="InvalidRequestException">The lake holds another world; every differing setting is named.</exception>
    public async Task BindAsync(WorldSettings settings, CancellationToken cancellationToken)
    {
        await Store.PrepareAsync(cancellationToken).ConfigureAwait(false);
        if (await ReadWorldAsync(cancellationToken).ConfigureAwait(false) is null)
        {
            byte[] json = LakeDocument.Write(new WorldBinding(LakeLayout.Version, settings), LakeDocuments.Default.WorldBinding);
            if (await Store.TryPutAsync(LakeLayout.World, json, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        await RefuseOtherAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that the lake has no world yet or is bound to this one.</summary>
    /// <exception cref="InvalidRequestException">The lake holds another world; every differing setting is named.</exception>
    public async Task RefuseOtherAsync(WorldSettings settings, CancellationToken cancellationToken)
    {
        WorldSettings? bound = await ReadWorldAsync(cancellationToken).ConfigureAwait(false);
        if (bound is not null && bound != settings)
        {
            throw new InvalidRequestException(
                $"lake '{Location}' holds another world ({string.Join("; ", Differences(bound, settings))}): a lake holds one world, so leave the setting out or use another lake");
        }
    }

    private static void RefuseNewer(byte[] json, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("layout", out JsonElement layout)
                && layout.ValueKind == JsonValueKind.Number && layout.TryGetInt64(out long version) && version > LakeLayout.Version)
            {
                throw new InvalidRequestException($"{place}: a newer program made this lake (layout {version}, this program knows {LakeLayout.Version}): use that program");
            }
        }
        catch (JsonException)
        {
            // Whoever reads the whole document says that it is damaged.
        }
    }

    private static IEnumerable<string> Differences(WorldSettings bound, WorldSettings asked)
    {
        (string Name, object Bound, object Asked)[] settings =
        [
            ("seed", bound.Seed, asked.Seed),
            ("users", bound.Users, asked.Users),
            ("start", $"{bound.Start:yyyy-MM-ddTHH:mm:ss.fffZ}", $"{asked.Start:yyyy-MM-ddTHH:mm:ss.fffZ}"),
            ("payments per month", bound.PaymentsPerMonth, asked.PaymentsPerMonth),
            ("fraud rate", bound.FraudRate, asked.FraudRate),
            ("fraud mix", bound.FraudMix, asked.FraudMix),
            ("trips", bound.Trips, asked.Trips),
        ];
        return settings.Where(setting => !setting.Bound.Equals(setting.Asked))
            .Select(setting => FormattableString.Invariant($"{setting.Name} is {setting.Bound}, not {setting.Asked}"));
    }
}
