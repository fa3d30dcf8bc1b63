using System.Text.Json;
using LakehouseLab.Storage;
using LakehouseLab.Storage.S3;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>A lake: one world's raw records and tables below one root.</summary>
public sealed class Lake
{
    // Age from which an upload counts as abandoned: none takes as long, on whatever machine.
    private static readonly TimeSpan s_abandoned = TimeSpan.FromDays(1);

    private readonly IObjectStore _root;

    private Lake(IObjectStore root, IObjectStore store)
    {
        _root = root;
        Store = store;
    }

    /// <summary>The root as the user wrote it.</summary>
    public string Location => _root.Location;

    /// <summary>The lake's objects.</summary>
    public IObjectStore Store { get; }

    /// <summary>Opens a lake; nothing is made yet.</summary>
    /// <param name="location">A folder, or <c>s3://bucket/prefix</c>; it need not exist.</param>
    /// <exception cref="InvalidRequestException">The location cannot be a lake, or a newer program made the lake.</exception>
    /// <exception cref="StorageException">The place cannot be reached, so that it is not known who made the lake.</exception>
    public static Lake Open(string location)
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

        // Waits for one small answer where the lake is on S3.
        if (store.ReadAsync(LakeLayout.World, CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } world)
        {
            RefuseNewer(world, $"{store.Location}/{LakeLayout.World}");
        }

        return new Lake(store, store);
    }

    /// <summary>The same lake over a store that does more than the one it has, such as failing at will.</summary>
    internal Lake Through(Func<IObjectStore, IObjectStore> wrap) => new(_root, wrap(Store));

    /// <summary>Refuses a lake in which nothing lies, as one has that was mistyped.</summary>
    /// <param name="purpose">What there is nothing for, such as <c>to take in</c>.</param>
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

    /// <summary>Takes the lake for this process: of two runs at once the second is refused. What killed ones left half-written is deleted.
    /// For a lake on S3 this holds among the processes of a user on one machine; of writers on several, put-if-absent lets one win each object.</summary>
    /// <param name="part">What of it.</param>
    /// <exception cref="InvalidRequestException">Another process has it.</exception>
    /// <exception cref="StorageException">The folder cannot be written to.</exception>
    public LakeLock Lock(LakePart part = LakePart.Whole)
    {
        string file = _root is FileSystemStore place ? Path.Combine(place.Root, LakeLayout.Lock) : ((S3Store)_root).LockFile;
        LakeLock held = LakeLock.Take(Location, file, part);
        if (_root is FileSystemStore folder)
        {
            // What is half-written may be the work of a process that has the other part.
            using LakeLock? other = part == LakePart.Whole ? null : LakeLock.TryTake(Location, file, LakePart.Whole & ~part);
            if (part == LakePart.Whole || other is not null)
            {
                folder.DeleteAbandoned();
            }
        }

        return held;
    }

    /// <summary>The settings of the lake's world.</summary>
    /// <returns>Them, or null when the lake has no world yet.</returns>
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
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>Makes the place ready to be written to: on S3 the bucket, without what killed uploads left there.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_root is S3Store s3)
        {
            await s3.EnsureBucketAsync(cancellationToken).ConfigureAwait(false);
            await s3.AbortAbandonedAsync(s_abandoned, cancellationToken).ConfigureAwait(false);
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
