using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Storage;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;

namespace LakehouseLab.TaskProgram;

/// <summary>Opens lakes as a worker sees them.</summary>
/// <param name="variable">Reads a variable of the worker's environment.</param>
internal sealed class WorkerStores(Func<string, string?> variable)
{
    // Each Bronze file is read once, so nothing but the file at hand is worth keeping.
    private const long CacheBytes = 64L << 20;

    private readonly Dictionary<string, IObjectStore> _stores = new(StringComparer.Ordinal);

    /// <summary>The stores of this process's environment.</summary>
    /// <param name="credentials">A file of <see cref="TaskCredentials"/> for an environment without; null for none.</param>
    /// <exception cref="TaskProtocolException">The file cannot be read.</exception>
    public static WorkerStores Of(string? credentials)
    {
        // The SDK for S3 finds credentials in the environment, of which this process has its own.
        foreach ((string name, string value) in TaskCredentials.ReadFor(Environment.GetEnvironmentVariable, credentials))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        return new WorkerStores(Environment.GetEnvironmentVariable);
    }

    /// <summary>The store of a lake.</summary>
    public IObjectStore Open(string lake)
    {
        if (!_stores.TryGetValue(lake, out IObjectStore? store))
        {
            if (!Path.IsPathRooted(lake) && !S3Location.IsMeant(lake))
            {
                throw new TaskProtocolException($"'{lake}' is not a lake that a worker can find: give an absolute folder that every worker has, or s3://bucket/prefix");
            }

            store = ObjectStores.Open(lake, Options);
            _stores.Add(lake, store);
        }

        return store;
    }

    // A worker's folder can be written to, its HOME perhaps not.
    private S3Options Options()
    {
        S3Options options = S3Options.FromEnvironment(variable);
        return string.IsNullOrEmpty(variable("LAKELAB_CACHE_FOLDER"))
            ? options with { CacheFolder = Path.GetFullPath("lakelab-task-cache"), CacheBytes = CacheBytes }
            : options;
    }
}
