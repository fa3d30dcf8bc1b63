using LakehouseLab.Formats.Records;

[assembly: AssemblyFixture(typeof(LakehouseLab.Tests.Audit.Tampers.RawLake))]

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>A lake of transactions in every format, a hundred rows of each in several objects.</summary>
public sealed class RawLake : SharedLake
{
    /// <summary>How many rows there are of each format.</summary>
    public const int Rows = 100;

    private const int ChunkSize = 6_000;

    /// <summary>The endings of the formats, in the order of their rows.</summary>
    public static IReadOnlyList<string> Endings { get; } = ["json", "csv", "parquet", "json.gz", "json.zst"];

    private protected override async Task MakeAsync(AuditedLake lake)
    {
        long row = 0;
        foreach (string ending in Endings)
        {
            await lake.EmulateAsync(BuiltIn.Transaction, row, Rows, chunkSize: ChunkSize, format: ChunkFormat.TryOfExtension($"x.{ending}"));
            row += Rows;
        }
    }
}
