using System.Security.Cryptography;
using System.Text;
using LakehouseLab.Formats.Csv;
using LakehouseLab.Formats.Json;
using LakehouseLab.Formats.Lines;
using LakehouseLab.Formats.Records;
using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.World;

/// <summary>
/// The bytes of this version of the world, on any machine. A change of them is a change of <see cref="WorldSettings.CurrentVersion"/>:
/// data made before it could no longer be audited. <c>Golden/DOMAIN.json</c> is what <c>lakelab sample DOMAIN -n 6</c> prints, <c>DOMAIN.csv</c> the same rows as CSV;
/// <c>Golden/checksums.txt</c> has a line of world, domain, first row, rows and SHA-256 for each larger range.
/// </summary>
public sealed class GoldenTests
{
    private static readonly Dictionary<string, WorldSettings> Worlds = new()
    {
        ["default"] = new WorldSettings(),
        ["small"] = new WorldSettings { Seed = -7, Users = 137, Start = new DateTimeOffset(2024, 2, 29, 12, 30, 0, TimeSpan.Zero), FraudRate = 0.05, Trips = false },
        ["large"] = new WorldSettings { Seed = long.MaxValue, Users = 5_000_000, PaymentsPerMonth = 12, FraudMix = new FraudMix(1, 0, 3, 1, 0) },
    };

    public static TheoryData<string> Domains => [.. Domain.All.Select(schema => schema.Name)];

    public static TheoryData<string> Checksums => [.. File.ReadLines(PathOf("checksums.txt"))];

    [Theory]
    [MemberData(nameof(Domains))]
    public void FillBlock_FirstRows_AreTheGoldenOnes(string domain) =>
        Assert.Equal(File.ReadAllText(PathOf($"{domain}.json")), Encoding.UTF8.GetString(Encode(Worlds["default"], domain, 0, 6, Json).Single()));

    [Theory]
    [MemberData(nameof(Domains))]
    public void FillBlock_FirstRows_AreTheGoldenOnesAsCsv(string domain) =>
        Assert.Equal(
            File.ReadAllText(PathOf($"{domain}.csv")),
            SchemaDocument.ToCsvHeader(Domain.Find(domain)!.Schema) + Encoding.UTF8.GetString(Encode(Worlds["default"], domain, 0, 6, static batch => new CsvBatchWriter(batch, labels: true)).Single()));

    [Theory]
    [MemberData(nameof(Checksums))]
    public void FillBlock_RangeOfRows_HasTheGoldenChecksum(string line)
    {
        string[] parts = line.Split(' ');
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] bytes in Encode(Worlds[parts[0]], parts[1], long.Parse(parts[2]), long.Parse(parts[3]), Json))
        {
            hash.AppendData(bytes);
        }

        Assert.Equal(line, string.Join(' ', [.. parts[..4], Convert.ToHexStringLower(hash.GetHashAndReset())]));
    }

    private static JsonBatchWriter Json(RecordBatch batch) => new(batch, labels: true);

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "World", "Golden", name);

    private static IEnumerable<byte[]> Encode(WorldSettings settings, string domain, long firstRow, long rows, Func<RecordBatch, LineBatchWriter> createWriter)
    {
        IDataFactory factory = new EmulatedWorld(settings).CreateFactory(Domain.Find(domain)!);
        RecordBatch batch = factory.CreateBatch();
        LineBatchWriter writer = createWriter(batch);
        ByteBuffer buffer = new();
        for (long block = firstRow / IDataFactory.BlockRows; block * IDataFactory.BlockRows < firstRow + rows; block++)
        {
            factory.FillBlock(batch, block);
            int first = (int)Math.Max(0, firstRow - batch.FirstRow);
            buffer.Clear();
            writer.Write(first, (int)Math.Min(batch.Count, firstRow + rows - batch.FirstRow) - first, buffer, new int[IDataFactory.BlockRows]);
            yield return buffer.Written.ToArray();
        }
    }
}
