using System.Globalization;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark.Cluster;

/// <summary>The <c>lakelab-task</c> that workers find on their PATH, and that this build uploads: a script that runs the built one, or misbehaves.</summary>
internal sealed class InstalledProgram : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _artifact = Path.Combine(AppContext.BaseDirectory, "tasks/linux-x64/lakelab-task");

    /// <summary>Installs it.</summary>
    public InstalledProgram()
    {
        Command = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' '{Path.Combine(AppContext.BaseDirectory, "lakelab-task.dll")}'";
        Directory.CreateDirectory(Path.GetDirectoryName(_artifact)!);
        foreach (string path in new[] { _folder.Combine("lakelab-task"), _artifact })
        {
            File.WriteAllText(path, $"#!/bin/sh\n[ ! -e '{Behaviour}' ] || . '{Behaviour}'\nexec {Command} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>The folder to have on a PATH.</summary>
    public string Folder => _folder.Path;

    /// <summary>The right program, in a shell.</summary>
    public string Command { get; }

    private string Behaviour => _folder.Combine("behaviour");

    private string Gate => _folder.Combine("gate");

    /// <summary>Makes it do something before, or instead of, its work.</summary>
    /// <param name="script">Lines of a shell; null for the right program.</param>
    public void Behave(string? script) => File.WriteAllText(Behaviour, script ?? "");

    /// <summary>Lets each program that is to decode say where it is, and wait.</summary>
    public void Hold()
    {
        File.WriteAllText(Gate, "");
        Behave($"if [ \"$1\" = decode ]; then pwd > '{_folder.Path}/new.$$'; mv '{_folder.Path}/new.$$' '{_folder.Path}/held.$$'; while [ -e '{Gate}' ]; do sleep 0.1; done; fi");
    }

    /// <summary>Waits for a program that was held.</summary>
    /// <returns>The number of its worker.</returns>
    public async Task<int> WaitForHeldAsync()
    {
        string[] held = [];
        await Eventually.HoldsAsync(() => Task.FromResult((held = Directory.GetFiles(_folder.Path, "held.*")).Length > 0));
        const string Before = "/spark-worker-";
        string folder = await File.ReadAllTextAsync(held[0], TestContext.Current.CancellationToken);
        return int.Parse(folder.AsSpan(folder.IndexOf(Before, StringComparison.Ordinal) + Before.Length, 1), CultureInfo.InvariantCulture);
    }

    /// <summary>Lets all go on.</summary>
    public void Release()
    {
        Behave(null);
        File.Delete(Gate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_artifact);
        _folder.Dispose();
    }
}
