using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>config</c>: every setting, with where it comes from.</summary>
internal sealed class ConfigCommand : CommandWithExample
{
    public ConfigCommand(Surroundings surroundings)
        : base("config", "Show every setting and where it comes from.", "LAKELAB_USERS=50k lakelab config")
    {
        Add(KnownSettings.All);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
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
        if (settings.Find(setting) is { } stated)
        {
            return (setting.Key, SettingSources.Read(stated.Text, stated.Origin, setting.Normalise), stated.Origin);
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
