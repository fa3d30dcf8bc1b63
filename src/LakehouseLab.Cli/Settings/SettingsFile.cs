using LakehouseLab.Cli.Values;
using LakehouseLab.World.Requests;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LakehouseLab.Cli.Settings;

/// <summary>The settings of the nearest <c>lakelab.yaml</c>, from a folder upward: one key and value a line.</summary>
internal sealed class SettingsFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = "lakelab.yaml";

    private readonly Dictionary<string, string> _values;

    private SettingsFile(string path, Dictionary<string, string> values)
    {
        Path = path;
        _values = values;
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Reads the nearest file.</summary>
    /// <param name="folder">Where the search begins.</param>
    /// <returns>The file, or null when there is none up to the root.</returns>
    /// <exception cref="InvalidRequestException">It cannot be read, is not a mapping, or has a key that is not a setting.</exception>
    public static SettingsFile? Find(string folder)
    {
        for (DirectoryInfo? place = new(folder); place is not null; place = place.Parent)
        {
            string path = System.IO.Path.Combine(place.FullName, Name);
            if (File.Exists(path))
            {
                return new SettingsFile(path, Read(path));
            }
        }

        return null;
    }

    /// <summary>What the file says of a setting; null when it says nothing.</summary>
    public string? Find(Setting setting)
    {
        if (!_values.TryGetValue(setting.Key, out string? text) || !setting.IsPath || text.Length == 0 || text.Contains("://", StringComparison.Ordinal))
        {
            return text;
        }

        return System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, text);
    }

    private static Dictionary<string, string> Read(string path)
    {
        YamlStream yaml = [];
        try
        {
            using StreamReader reader = new(path);
            yaml.Load(reader);
        }
        catch (YamlException exception)
        {
            throw new InvalidRequestException($"{path} line {exception.Start.Line}: {exception.Message.ReplaceLineEndings(" ")}; write one 'key: value' a line", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"{path} cannot be read: {exception.Message}", exception);
        }

        Dictionary<string, string> values = [];
        if (yaml.Documents.Count == 0)
        {
            return values;
        }

        YamlMappingNode mapping = yaml.Documents[0].RootNode as YamlMappingNode
            ?? throw new InvalidRequestException($"{path} is not a list of settings: write one 'key: value' a line, such as 'users: 10000'");
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!KnownSettings.All.Any(setting => string.Equals(setting.Key, name, StringComparison.Ordinal)))
            {
                IEnumerable<string> keys = KnownSettings.All.Select(setting => setting.Key);
                throw new InvalidRequestException($"{path} line {key.Start.Line}: '{name}' is not a setting{NearestWord.Ask(name, keys)}; allowed are {string.Join(", ", keys)}");
            }

            values[name] = (value as YamlScalarNode)?.Value
                ?? throw new InvalidRequestException($"{path} line {value.Start.Line}: {name} must be one value");
        }

        return values;
    }
}
