using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;
using ParquetSharp;

namespace LakehouseLab.Tests.Pipeline.Bronze;

/// <summary>A row of a Bronze table.</summary>
internal sealed record BronzeRecord(string Source, long Offset, string Payload, bool IsText, string Format, string? Emulation, string? Key, DateTime? Timestamp, long Batch, DateTime IngestedAt)
{
    /// <summary>Whether it has neither text nor bytes.</summary>
    public bool IsTombstone { get; init; }
}

/// <summary>Reads Bronze tables as any reader of Parquet files does.</summary>
internal static class BronzeRows
{
    /// <summary>All rows, file by file.</summary>
    public static async Task<List<BronzeRecord>> ReadAsync(Lake lake, Domain domain, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, BronzeTable.Of(domain).Prefix);
        List<BronzeRecord> rows = [];
        foreach (AddFile file in (await table.GetSnapshotAsync(cancellationToken)).Files)
        {
            using LocalLease lease = new();
            using ParquetFileReader reader = new(await table.GetLocalPathAsync(file, lease, cancellationToken));
            for (int group = 0; group < reader.FileMetaData.NumRowGroups; group++)
            {
                using RowGroupReader columns = reader.RowGroup(group);
                rows.AddRange(Read(columns));
            }
        }

        return [.. rows.OrderBy(row => row.Batch).ThenBy(row => row.Source, StringComparer.Ordinal).ThenBy(row => row.Offset)];
    }

    private static IEnumerable<BronzeRecord> Read(RowGroupReader group)
    {
        int rows = (int)group.MetaData.NumRows;
        string?[] payloads = group.Column(0).LogicalReader<string?>().ReadAll(rows);
        byte[]?[] binaries = group.Column(1).LogicalReader<byte[]?>().ReadAll(rows);
        string[] formats = group.Column(2).LogicalReader<string>().ReadAll(rows);
        string?[] emulations = group.Column(3).LogicalReader<string?>().ReadAll(rows);
        string[] sources = group.Column(4).LogicalReader<string>().ReadAll(rows);
        long[] offsets = group.Column(5).LogicalReader<long>().ReadAll(rows);
        string?[] keys = group.Column(6).LogicalReader<string?>().ReadAll(rows);
        DateTime?[] timestamps = group.Column(7).LogicalReader<DateTime?>().ReadAll(rows);
        long[] batches = group.Column(8).LogicalReader<long>().ReadAll(rows);
        DateTime[] ingested = group.Column(9).LogicalReader<DateTime>().ReadAll(rows);
        for (int row = 0; row < rows; row++)
        {
            Assert.True(payloads[row] is null || binaries[row] is null, "a record is text or bytes");
            byte[] bytes = binaries[row] ?? System.Text.Encoding.UTF8.GetBytes(payloads[row] ?? "");
            yield return new BronzeRecord(
                sources[row], offsets[row], Convert.ToHexString(bytes), payloads[row] is not null, formats[row], emulations[row], keys[row], timestamps[row], batches[row], ingested[row])
            {
                IsTombstone = payloads[row] is null && binaries[row] is null,
            };
        }
    }
}
