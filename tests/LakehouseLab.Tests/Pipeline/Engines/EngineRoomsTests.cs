using System.Runtime.CompilerServices;

namespace LakehouseLab.Tests.Pipeline.Engines;

/// <summary>What Silver and the strategies mean is said once, above every engine: a second engine is a room beside the first.</summary>
public sealed class EngineRoomsTests
{
    [Theory]
    [InlineData("Engines")]
    [InlineData("Checks")]
    [InlineData("Silver")]
    [InlineData("Derived")]
    [InlineData("Foreign")]
    [InlineData("Quarantine")]
    public void Rooms_AboveTheEngines_NameNone(string room)
    {
        string[] files = Directory.GetFiles(Path.Combine(SourceOf(), room), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains("DuckD", StringComparison.OrdinalIgnoreCase));
    }

    private static string SourceOf([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "..", "src", "LakehouseLab.Pipeline"));
}
