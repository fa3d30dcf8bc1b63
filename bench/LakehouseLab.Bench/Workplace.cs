namespace LakehouseLab.Bench;

/// <summary>Where measurements are made: keeps the lakes that several measurements share.</summary>
internal sealed class Workplace(string folder, int runs) : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(folder, "lakelab-bench-" + Path.GetRandomFileName())).FullName;
    private string? _largeLake;

    /// <summary>Runs of which the median counts.</summary>
    public int Runs => runs;

    /// <summary>Script that starts tpchgen-cli; null when there is none.</summary>
    public static string? Stack => Environment.GetEnvironmentVariable("LAKELAB_STACK");

    /// <summary>A folder of its own.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;

    /// <summary>The median of several runs.</summary>
    public Task<double> MedianAsync(Func<Task<double>> measure) => MedianAsync(measure, static value => value);

    /// <summary>The run of several that is in their middle.</summary>
    /// <param name="measure">A run.</param>
    /// <param name="value">By what runs are compared.</param>
    public async Task<T> MedianAsync<T>(Func<Task<T>> measure, Func<T, double> value)
    {
        List<T> results = [];
        for (int run = 0; run < runs; run++)
        {
            results.Add(await measure());
        }

        return results.OrderBy(value).ElementAt(results.Count / 2);
    }

    /// <summary>A lake with 5,000,000 raw transactions; made once, shared, and added to by those that measure increments.</summary>
    public async Task<string> LargeLakeAsync()
    {
        if (_largeLake is null)
        {
            _largeLake = NewFolder();
            await Lakelab.RunAsync("emulate", "transaction", "--rows", "5M", "--lake", _largeLake, "--quiet");
        }

        return _largeLake;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
