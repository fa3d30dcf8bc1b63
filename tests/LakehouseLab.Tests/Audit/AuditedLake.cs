using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Audit;

/// <summary>A small lake of a test's own.</summary>
internal sealed class AuditedLake : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AuditedLake() => Lake = Lake.OpenAsync(_folder.Path, Token).GetAwaiter().GetResult();

    public static EmulatedWorld World { get; } = new(new WorldSettings { Users = 200 });

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public Lake Lake { get; }

    public string Folder => _folder.Path;

    public Task<EmulationResult> EmulateAsync(Domain schema, long firstRow, long rows, bool labels = true, long chunkSize = EmulationRequest.DefaultMaxChunkSize, ChunkFormat? format = null) =>
        Emulator.RunAsync(new EmulationRequest(schema, World, firstRow, rows) { Labels = labels, MaxChunkSize = chunkSize, Format = format ?? ChunkFormat.Json }, Lake, new EmulationControl(), Token);

    public Task<AuditReport> AuditAsync(params AuditLayer[] layers) => LakeAudit.RunAsync(Lake, Request(layers), null, Token);

    /// <summary>What an audit of layers is asked for; of all that there are when none is named.</summary>
    public static AuditRequest Request(params AuditLayer[] layers) => new(BuiltInTables.All) { Layers = layers.Length == 0 ? null : layers, Threads = 2 };

    /// <summary>Audits one layer of one table; everything else must be clean.</summary>
    public async Task<TableAudit> FindAsync(string table, params AuditLayer[] layers)
    {
        AuditReport report = await AuditAsync(layers);
        Assert.All(report.Tables.Where(audit => audit.Name != table), audit => Assert.True(audit.IsClean, $"{audit.Name}: {audit.Verdict}"));
        return Assert.Single(report.Tables, audit => audit.Name == table);
    }

    /// <summary>The one finding about a table, a file or a document.</summary>
    public static Finding Whole(TableAudit audit) => Assert.Single(audit.Findings, finding => finding.Records == 0);

    /// <summary>The one finding about a record or row.</summary>
    public static Finding Record(TableAudit audit) => Assert.Single(audit.Findings, finding => finding.Records > 0);

    /// <summary>Rewrites the lines of a raw chunk.</summary>
    public string ChangeLines(string domain, int chunk, Action<List<string>> change)
    {
        string path = PathOf(domain, chunk);
        List<string> lines = [.. File.ReadAllText(path).TrimEnd('\n').Split('\n')];
        change(lines);
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
        return Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>The file of a raw chunk.</summary>
    public string PathOf(string domain, int chunk) =>
        Directory.EnumerateFiles(Path.Combine(Folder, "raw", domain), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ElementAt(chunk);

    public void Dispose() => _folder.Dispose();
}
