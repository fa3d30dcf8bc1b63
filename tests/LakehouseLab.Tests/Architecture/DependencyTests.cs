using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace LakehouseLab.Tests.Architecture;

/// <summary>Asserts the dependency table of ARCHITECTURE.md: dependencies point down only.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> s_references = new()
    {
        ["World"] = [],
        ["Storage"] = ["AWSSDK.S3"],
        ["Delta"] = ["Storage", "ParquetSharp"],
        ["Formats"] = ["World", "Storage", "ParquetSharp", "ZstdSharp.Port"],
        ["Decoding"] = ["World", "Storage", "Formats", "ParquetSharp", "System.IO.Hashing"],
        ["TaskProgram"] = ["World", "Storage", "Decoding"],
        ["Emulation"] = ["World", "Storage", "Formats", "System.IO.Hashing", "Confluent.Kafka"],
        ["SparkConnect"] = ["Apache.Arrow", "Google.Protobuf", "Grpc.Net.Client", "Grpc.Tools", "System.IO.Hashing"],
        ["Pipeline"] = ["World", "Formats", "Decoding", "Emulation", "Delta", "Storage", "SparkConnect", "ParquetSharp", "DuckDB.NET.Data.Full", "YamlDotNet"],
        ["Audit"] = ["World", "Formats", "Emulation", "Delta", "Storage", "ParquetSharp"],
        ["Server"] =
        [
            "World", "Storage", "Formats", "Delta", "Emulation", "Pipeline", "Audit", "Microsoft.AspNetCore.OpenApi", "Microsoft.Data.Sqlite", "Scalar.AspNetCore", "OpenTelemetry.Exporter.OpenTelemetryProtocol",
            "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Instrumentation.AspNetCore",
        ],
        ["Cli"] = ["World", "Storage", "Formats", "Delta", "Emulation", "Pipeline", "Audit", "Server", "System.CommandLine", "Spectre.Console", "YamlDotNet"],
    };

    [Fact]
    public void Projects_All_ReferenceWhatTheirListSays()
    {
        string source = Path.Combine(RepositoryRoot(), "src");
        string[] projects = [.. Directory.EnumerateFiles(source, "*.csproj", SearchOption.AllDirectories)];
        Assert.Equal(s_references.Count, projects.Length);
        foreach (string project in projects)
        {
            string name = Short(Path.GetFileNameWithoutExtension(project));
            IEnumerable<string> references = XDocument.Load(project).Descendants()
                .Where(element => element.Name.LocalName is "ProjectReference" or "PackageReference")
                .Select(element => Short(Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value + (element.Name.LocalName == "PackageReference" ? ".csproj" : ""))));
            Assert.Equal(s_references[name].Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
        }
    }

    /// <summary>The projects whose namespaces are rooms in floors.</summary>
    public static TheoryData<string> Projects => [.. s_references.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_OfAProject_FormNoRing(string project)
    {
        Rooms rooms = RoomsOf(project);
        IEnumerable<string> told = rooms.Rings().Select(ring =>
            $"{string.Join(", ", ring)} use each other:{string.Concat(rooms.Uses.Where(use => ring.Contains(use.Key.From) && ring.Contains(use.Key.To)).Select(use => $"\n  {use.Key.From} -> {use.Key.To}: {use.Value}"))}");
        Assert.True(!told.Any(), string.Join('\n', told));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void RootNamespace_OfAProject_IsUsedByNoRoomBelow(string project)
    {
        Rooms rooms = RoomsOf(project);
        IEnumerable<string> told = rooms.Uses.Where(use => use.Key.To == rooms.Project).Select(use => $"{use.Key.From}: {use.Value}, which is in the project's root");
        Assert.True(!told.Any(), string.Join('\n', told));
    }

    [Fact]
    public void Rings_OfRoomsThatUseEachOther_AreFoundWithTheTypesThatCloseThem()
    {
        Rooms rooms = Rooms.Of("LakehouseLab.Tests", typeof(DependencyTests).Assembly.Location, Path.Combine(RepositoryRoot(), "tests", "LakehouseLab.Tests", "Architecture", "Ring"));
        IReadOnlyList<string> ring = Assert.Single(rooms.Rings(), ring => ring.Contains(typeof(Ring.Upper.Roof).Namespace!));
        Assert.Equal([typeof(Ring.Lower.Cellar).Namespace!, typeof(Ring.Upper.Roof).Namespace!], ring);
        Assert.Equal("Cellar uses Roof", rooms.Uses[(ring[0], ring[1])]);
        Assert.Equal("Roof uses Cellar", rooms.Uses[(ring[1], ring[0])]);
    }

    private static Rooms RoomsOf(string project) =>
        Rooms.Of($"LakehouseLab.{project}", AssemblyOf(project), Path.Combine(RepositoryRoot(), "src", $"LakehouseLab.{project}"));

    // A program's assembly has the name of the program.
    private static string AssemblyOf(string project) =>
        Path.Combine(AppContext.BaseDirectory, project switch { "Cli" => "lakelab.dll", "TaskProgram" => "lakelab-task.dll", _ => $"LakehouseLab.{project}.dll" });

    private static string Short(string project) => project.Replace("LakehouseLab.", "", StringComparison.Ordinal);

    private static string RepositoryRoot([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
