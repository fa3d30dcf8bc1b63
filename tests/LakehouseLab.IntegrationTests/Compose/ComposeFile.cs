using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>A Compose file, read strictly: a field that is not declared here is refused.</summary>
internal sealed partial class ComposeFile
{
    /// <summary>The project's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The services by name.</summary>
    public Dictionary<string, ComposeService> Services { get; set; } = [];

    /// <summary>The named volumes.</summary>
    public Dictionary<string, object?> Volumes { get; set; } = [];

    /// <summary>What parts of Airflow have in common.</summary>
    [YamlMember(Alias = "x-airflow", ApplyNamingConventions = false)]
    public object? Airflow { get; set; }

    /// <summary>How parts of Airflow are checked.</summary>
    [YamlMember(Alias = "x-airflow-check", ApplyNamingConventions = false)]
    public string? AirflowCheck { get; set; }

    /// <summary>The services on which others wait until they have ended well.</summary>
    public IReadOnlySet<string> Jobs =>
        Services.Values.SelectMany(static service => service.DependsOn).Where(static on => on.Value.Condition == ComposeDependency.Ended).Select(static on => on.Key).ToHashSet();

    /// <summary>The file of this project.</summary>
    public static ComposeFile Load() => Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "compose", "compose.yaml")));

    /// <summary>Reads a file's text.</summary>
    public static ComposeFile Read(string yaml) =>
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(yaml))));

    /// <summary>A text as Compose hands it on where none of its variables is set.</summary>
    public static string Interpolate(string text) => Reference().Replace(text, static reference => reference.Value == "$$" ? "$" : reference.Groups["default"].Value);

    [GeneratedRegex(@"\$\$|\$\{\w+(:-(?<default>[^}]*))?\}")]
    private static partial Regex Reference();
}
