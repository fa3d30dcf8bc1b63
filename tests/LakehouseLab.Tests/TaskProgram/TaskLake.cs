using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Pipeline.Bronze.Batches;

namespace LakehouseLab.Tests.TaskProgram;

/// <summary>A lake with Bronze files, and tasks to decode them.</summary>
internal sealed class TaskLake : IDisposable
{
    public const string Staging = ".staging/decoded-test/";

    private readonly TemporaryFolder _folder = new();

    public string Location => _folder.Path;

    /// <summary>Makes a Bronze file of records.</summary>
    /// <returns>The task to decode it.</returns>
    public DecodeTask Add(string name, params byte[][] records)
    {
        string key = $"bronze/transactions/{name}.parquet";
        Directory.CreateDirectory(PathOf("bronze/transactions"));
        using (BronzeFile file = new(PathOf(key), 0, 0))
        {
            file.Begin("json", $"raw/transaction/{name}.json", null);
            foreach ((int offset, byte[] record) in records.Index())
            {
                file.Add(record, offset);
            }

            file.Close();
        }

        return new DecodeTask(DecoderFingerprint.Value, Location, BuiltIn.Transaction.Name, key, records.Length, [], QuarantineForeign: false, Staging);
    }

    public string PathOf(string key) => Path.Combine(Location, key);

    /// <summary>The decoded files that are there, whether an answer names them or not.</summary>
    public IReadOnlyList<string> DecodedFiles() => Directory.Exists(PathOf(Staging)) ? Directory.GetFiles(PathOf(Staging)) : [];

    public void Dispose() => _folder.Dispose();
}
