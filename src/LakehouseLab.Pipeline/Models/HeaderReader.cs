using System.Diagnostics.CodeAnalysis;
using YamlDotNet.RepresentationModel;

namespace LakehouseLab.Pipeline.Models;

/// <summary>Reads the values of a YAML mapping, and names the line of one that is wrong.</summary>
/// <param name="yaml">The mapping.</param>
internal sealed class HeaderReader(YamlMappingNode yaml)
{
    /// <summary>Reads a text as one mapping.</summary>
    /// <exception cref="HeaderException">It is none.</exception>
    /// <exception cref="YamlDotNet.Core.YamlException">It is not YAML.</exception>
    public static HeaderReader Read(string text)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode mapping
            ? new HeaderReader(mapping)
            : throw new HeaderException(1, "its header is not a list of 'key: value'");
    }

    /// <summary>Reads a node as a mapping.</summary>
    public static HeaderReader Of(YamlNode node, string form) =>
        node is YamlMappingNode mapping ? new HeaderReader(mapping) : throw Wrong(node, form);

    /// <summary>The line on which the mapping begins.</summary>
    public int FirstLine => (int)yaml.Start.Line;

    /// <summary>The line of a key, or of the mapping when it lacks that.</summary>
    public int LineOf(string key) =>
        (int)(yaml.Children.Keys.FirstOrDefault(node => node is YamlScalarNode { Value: { } name } && name == key)?.Start.Line ?? yaml.Start.Line);

    /// <summary>Refuses keys other than some.</summary>
    public void RefuseUnknown(string[] known, string of)
    {
        if (yaml.Children.Keys.FirstOrDefault(key => !known.Contains(TextOf(key), StringComparer.Ordinal)) is { } unknown)
        {
            throw Wrong(unknown, $"'{TextOf(unknown)}' is not a key of {of}: allowed are {string.Join(", ", known)}");
        }
    }

    /// <summary>The text of a key that must be there.</summary>
    public string Required(string key) => Optional(key) ?? throw new HeaderException((int)yaml.Start.Line, $"'{key}' is missing");

    /// <summary>The text of a key; null when it is not there.</summary>
    public string? Optional(string key) => Find(key) is { } value ? TextOf(value) : null;

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The mapping of a key that must be there.</summary>
    public HeaderReader Section(string key) =>
        Find(key) is { } value ? Of(value, $"'{key}' must be a list of 'name: value'") : throw new HeaderException(FirstLine, $"'{key}' is missing");

    /// <summary>The items of a key's list.</summary>
    public IEnumerable<YamlNode> List(string key) =>
        Find(key) is not { } value ? [] : (value as YamlSequenceNode)?.Children ?? throw Wrong(value, $"'{key}' must be a list");

    /// <summary>The keys and values of a key's mapping.</summary>
    public IEnumerable<KeyValuePair<YamlNode, YamlNode>> Mapping(string key) =>
        Find(key) is not { } value ? [] : (value as YamlMappingNode)?.Children ?? throw Wrong(value, $"'{key}' must be a list of 'name: value'");

    /// <summary>Refuses a key's value.</summary>
    [DoesNotReturn]
    public void Refuse(string key, string message) => throw new HeaderException(LineOf(key), message);

    /// <summary>The refusal of a node.</summary>
    public static HeaderException Wrong(YamlNode node, string message) => new((int)node.Start.Line, message);

    /// <summary>The text of a node.</summary>
    public static string TextOf(YamlNode node) => (node as YamlScalarNode)?.Value ?? throw Wrong(node, $"'{node}' must be one value");

    private YamlNode? Find(string key) => yaml.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;
}
