using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Keys;
using LakehouseLab.Server;

namespace LakehouseLab.Tests.Architecture;

/// <summary>What the program writes it can read: every type of document that it keeps, with and without what may be absent.</summary>
public sealed class DocumentTests
{
    // Answers of the service: nobody reads them back.
    private static readonly string[] s_onlyWritten = ["EmulationScheduled", "*Problem", "*View", "*Page", "*List", "TableDetails"];

    // Who else serializes: what goes to a person or a client, a name that is hashed, a text within another document.
    private static readonly string[] s_otherSerializers =
    [
        "LakeDocument.cs", "EmulationId.cs", "Model.cs", "LastCheckpoint.cs", "DeltaTransaction.cs", "DeltaTable.cs", "EmulationRecord.cs", "LakeTaskRecord.cs",
        "NumberFields.cs", "RequestField.cs", "DomainRoutes.cs", "JobEvents.cs", "DocumentPage.cs", "SettingsComparison.cs", "TaskProtocol.cs",
        "Tally.cs", "ShardDocuments.cs", "ShardSet.cs", "ShardReport.cs",
    ];

    public static TheoryData<string, bool> Documents
    {
        get
        {
            TheoryData<string, bool> documents = [];
            foreach (string name in Found().Select(info => info.Type.ToString()).Where(name => !s_onlyWritten.Any(pattern => Matches(name, pattern))).Distinct())
            {
                documents.Add(name, true);
                documents.Add(name, false);
            }

            return documents;
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_Written_IsReadBackTheSame(string name, bool full)
    {
        foreach (JsonTypeInfo info in Found().Where(info => info.Type.ToString() == name))
        {
            byte[] written = JsonSerializer.SerializeToUtf8Bytes(AnyDocument.Make(info.Type, full), info);
            object? read = JsonSerializer.Deserialize(written, info);
            Assert.NotNull(read);
            Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(read, info)));
        }
    }

    [Fact]
    public void Documents_Found_AreThoseOfALakeAndMore()
    {
        string[] names = [.. Documents.Select(row => row.Data.Item1.Split('.')[^1].TrimEnd(']'))];
        Assert.Superset(
            new HashSet<string> { "WorldBinding", "RangeClaim", "ClaimEnd", "Manifest", "ChunkInfo", "BronzeInputs", "ModelInputs", "PipelineReport", "LastCheckpoint", "EmulationRecord", "LakeTaskRecord", "DecodeTask", "DecodeAnswer" },
            names.ToHashSet());
        Assert.Equal(6, names.Count(name => name is "RangeClaim" or "BronzeInputs" or "ModelInputs") / 2);
    }

    [Fact]
    public void Sources_OfALakesDocuments_UseOneSerializer()
    {
        string source = Path.Combine(RepositoryRoot(), "src");
        IEnumerable<string> serializing = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("LakehouseLab.Cli", StringComparison.Ordinal) && !file.Contains("LakehouseLab.World", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("JsonSerializer.", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file));
        Assert.All(serializing, file => Assert.Contains(file, s_otherSerializers));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public void KeyIndex_Written_IsReadBackTheSame(int hashes)
    {
        long[] sorted = [.. Enumerable.Range(-hashes / 2, hashes).Select(value => value * 7919L)];
        Assert.Equal(sorted, SortedHashes.FromBytes(SortedHashes.ToBytes(sorted)));
    }

    // Every document has a serializer context: the contexts are the register.
    private static IEnumerable<JsonTypeInfo> Found()
    {
        foreach (Assembly assembly in (Assembly[])[typeof(LakeDocument).Assembly, typeof(TaskProtocol).Assembly, typeof(PipelineRun).Assembly, typeof(DeltaTable).Assembly, typeof(EmulatorService).Assembly])
        {
            foreach (Type type in assembly.GetTypes().Where(type => typeof(JsonSerializerContext).IsAssignableFrom(type)))
            {
                PropertyInfo shared = type.GetProperty("Documents") ?? type.GetProperty("Default")!;
                JsonSerializerContext context = (JsonSerializerContext)shared.GetValue(null)!;
                foreach (CustomAttributeData attribute in type.CustomAttributes.Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute)))
                {
                    yield return context.GetTypeInfo((Type)attribute.ConstructorArguments[0].Value!)!;
                }
            }
        }
    }

    private static bool Matches(string type, string pattern)
    {
        string name = type.Split('.')[^1];
        return pattern[0] == '*' ? name.EndsWith(pattern[1..], StringComparison.Ordinal) : name == pattern;
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
