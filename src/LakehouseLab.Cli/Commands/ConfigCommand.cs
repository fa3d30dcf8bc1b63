using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>config</c>: every setting, with where it comes from.</summary>
internal sealed class ConfigCommand : CommandWithExample
{
    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("config", "Show every setting and where it comes from.", "LAKELAB_USERS=50k lakelab config");

    public ConfigCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(KnownSettings.All);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        WorldSettings? bound = await lake.ReadWorldAsync(cancellationToken).ConfigureAwait(false);
        List<(string Name, string Value, string Origin)> rows = [.. KnownSettings.All.Select(setting => Describe(call.Settings, setting, bound, lake))];
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, rows));
            return ExitCode.Done;
        }

        TextTable table = new("setting", "value", "from");
        rows.ForEach(row => table.Add(row.Name, row.Value, row.Origin));
        table.Write(call.Surroundings.Text);
        return ExitCode.Done;
    }

    private static (string Name, string Value, string Origin) Describe(SettingSources settings, Setting setting, WorldSettings? bound, Lake lake)
    {
        if (setting.FindIn(settings) is { } stated)
        {
            return (setting.Key, stated.Text, stated.Origin);
        }

        return bound is not null && setting.TextIn(bound) is { } text
            ? (setting.Key, text, $"{lake.Location}/{LakeLayout.World}")
            : (setting.Key, setting.DefaultText, "default");
    }

    private static void WriteJson(Utf8JsonWriter writer, List<(string Name, string Value, string Origin)> rows)
    {
        writer.WriteStartObject();
        foreach ((string name, string value, string origin) in rows)
        {
            writer.WriteStartObject(name);
            writer.WriteString("value", value);
            writer.WriteString("from", origin);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
