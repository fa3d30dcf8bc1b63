using System.Diagnostics;
using System.Globalization;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>One of Airflow's processes, such as its triggerer, which a test kills and starts again while the others go on.</summary>
/// <param name="stack">The stack that runs Airflow.</param>
/// <param name="name">The command that is the process: <c>airflow NAME</c>.</param>
internal sealed class AirflowPart(OwnStack stack, string name) : IDisposable
{
    private Process? _own;

    /// <summary>Kills it with the processes that it started (SIGKILL).</summary>
    public async Task KillAsync()
    {
        using Process process = _own ?? Process.GetProcessById(Find());
        _own = null;
        process.Kill(entireProcessTree: true);
        await Eventually.HoldsAsync(() => Task.FromResult(!IsAlive(process.Id)), $"the {name} is dead");
    }

    /// <summary>Starts it again, by the command and the variables by which it was started first.</summary>
    public void Start() => _own = stack.Begin("exec", "airflow", "airflow", name);

    /// <inheritdoc/>
    public void Dispose()
    {
        _own?.Kill(entireProcessTree: true);
        _own?.Dispose();
        _own = null;
    }

    // "airflow standalone" is the process of the stack; its parts are its children, and it does not start them again.
    private int Find()
    {
        string parent = File.ReadAllText(Path.Combine(stack.State, "airflow", "pid")).Split(' ')[0];
        int[] found =
        [
            .. Directory.EnumerateDirectories("/proc").Select(static folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0)
                .Where(id => id > 0 && Status(id) is [_, var of, ..] && of == parent && Read(id, "cmdline").Contains(name, StringComparison.Ordinal)),
        ];
        return Assert.Single(found);
    }

    // Nobody asks how the dead one ended: it stays as a zombie.
    private static bool IsAlive(int id) => Status(id) is [not "Z", ..];

    // State, parent and so on: what follows the name, which may hold anything.
    private static string[] Status(int id) => Read(id, "stat") is { Length: > 0 } text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : [];

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
