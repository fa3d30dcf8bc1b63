using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace LakehouseLab.Tests.Architecture;

/// <summary>Asserts the dependency table of ARCHITECTURE.md: dependencies point down only.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["World"] = [],
        ["Storage"] = ["AWSSDK.S3"],
        ["Delta"] = ["Storage", "ParquetSharp"],
        ["Emulation"] = ["World", "Storage", "System.IO.Hashing", "Confluent.Kafka", "ParquetSharp", "ZstdSharp.Port"],
        ["Pipeline"] = ["World", "Emulation", "Delta", "Storage", "ParquetSharp", "Confluent.Kafka", "DuckDB.NET.Data.Full", "Grpc.Net.Client", "Apache.Arrow", "YamlDotNet"],
        ["Audit"] = ["World", "Emulation", "Delta", "Storage", "ParquetSharp", "Confluent.Kafka"],
        ["Server"] =
        [
            "World", "Storage", "Delta", "Emulation", "Pipeline", "Audit", "Microsoft.Data.Sqlite", "OpenTelemetry.Exporter.OpenTelemetryProtocol",
            "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Instrumentation.AspNetCore",
        ],
        ["Cli"] = ["World", "Storage", "Delta", "Emulation", "Pipeline", "Audit", "Server", "System.CommandLine", "Spectre.Console", "YamlDotNet"],
    };

    [Fact]
    public void Projects_All_ReferenceOnlyWhatIsBelowThem()
    {
        string source = Path.Combine(RepositoryRoot(), "src");
        string[] projects = [.. Directory.EnumerateFiles(source, "*.csproj", SearchOption.AllDirectories)];
        Assert.Equal(s_allowed.Count, projects.Length);
        foreach (string project in projects)
        {
            string name = Short(Path.GetFileNameWithoutExtension(project));
            IEnumerable<string> references = XDocument.Load(project).Descendants()
                .Where(element => element.Name.LocalName is "ProjectReference" or "PackageReference")
                .Select(element => Short(Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value + (element.Name.LocalName == "PackageReference" ? ".csproj" : ""))));
            Assert.All(references, reference => Assert.Contains(reference, s_allowed[name]));
        }
    }

    private static string Short(string project) => project.Replace("LakehouseLab.", "", StringComparison.Ordinal);

    private static string RepositoryRoot([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
