using System.Text;
using System.Text.RegularExpressions;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class RawTampers(RawLake raw)
{
    private const string Raw = "raw/transaction";

    private static readonly Tamper[] s_tampers =
    [
        .. RawLake.Endings.SelectMany(RecordTampers),
        .. RawLake.Endings.Where(ending => ending.StartsWith("json", StringComparison.Ordinal)).SelectMany(LineTampers),
        new("json: a line feed behind the last", lake => lake.ChangeContent("json", content => [.. content, (byte)'\n']), Object("json") with { Found = "a blank line at its end" }),
        new("json: members in another order", lake => lake.Change("json", lines => lines[4] = Regex.Replace(lines[4], "^{(\"transaction_id\":\"[^\"]+\"),(\"user_id\":[0-9]+)", "{$2,$1")), Row(4, FindingKind.Altered) with { Cause = "the same values in other bytes" }),
        new("json: a number spelt otherwise", lake => lake.Change("json", lines => lines[4] = Regex.Replace(lines[4], "\"amount\":([0-9.]+)", "\"amount\":${1}e0")), Row(4, FindingKind.Altered, "amount")),
        new("json: carriage returns", lake => lake.ChangeContent("json", content => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("\n", "\r\n", StringComparison.Ordinal))), new Told(Raw, FindingKind.Altered)),
        new("json: a byte order mark", lake => lake.ChangeContent("json", content => [0xEF, 0xBB, 0xBF, .. content]), new Told(Raw, FindingKind.Altered)),
        new("json: an empty object", lake => lake.ChangeContent("json", _ => []), new Told(Raw, FindingKind.Missing)),
        new("csv: a header renamed", lake => lake.Change("csv", lines => lines[0] = lines[0].Replace("amount", "amounts", StringComparison.Ordinal)), new Told(Raw, FindingKind.Altered)),
        new("csv: a column exchanged with another", lake => lake.Change("csv", lines => lines[0] = lines[0].Replace("user_id", "u", StringComparison.Ordinal).Replace("merchant_id", "user_id", StringComparison.Ordinal).Replace(",u,", ",merchant_id,", StringComparison.Ordinal)), new Told(Raw, FindingKind.Altered)),
        new("csv: a value in quotes", lake => lake.Change("csv", lines => lines[4] = Regex.Replace(lines[4], "^([^,]+),", "\"$1\",")), Object("csv")),
        new("csv: a blank line", lake => lake.Change("csv", lines => lines.Insert(4, "")), Object("csv")),
        new("parquet: a column gone", lake => lake.Query("SELECT * EXCLUDE (currency) FROM this"), new Told(Raw, FindingKind.Altered)),
        new("parquet: written by another program", lake => lake.Query("FROM this"), Object("parquet")),
        new("parquet: text of another format", lake => lake.ChangeBytes("parquet", _ => File.ReadAllBytes(lake.ChunksOf("csv")[0])), new Told(Raw, FindingKind.Damaged), new Told(Raw, FindingKind.Missing)),
        new("json.gz: packed anew", lake => lake.ChangeContent("json.gz", content => content), Object("json.gz")),
        new("json.gz: bytes behind its end", lake => lake.ChangeBytes("json.gz", bytes => [.. bytes, 1, 2, 3]), new Told(Raw, FindingKind.Damaged), new Told(Raw, FindingKind.Missing)),
        new("json.gz: not packed", lake => lake.ChangeBytes("json.gz", _ => File.ReadAllBytes(lake.ChunksOf("json")[0])), new Told(Raw, FindingKind.Damaged), new Told(Raw, FindingKind.Missing)),
        new("json.zst: packed anew", lake => lake.ChangeContent("json.zst", content => content), Object("json.zst")),
        new("json.zst: a flipped bit", lake => lake.ChangeBytes("json.zst", bytes => { bytes[bytes.Length / 2] ^= 4; return bytes; }), new Told(Raw, FindingKind.Damaged), new Told(Raw, FindingKind.Missing)),
        new("two chunks exchanged", lake => Exchange(lake.ChunksOf("json")[0], lake.ChunksOf("json")[1]), new Told(Raw, FindingKind.Altered)),
        new("another emulation's chunk in the place of one", lake => File.Copy(lake.ChunksOf("json.gz")[1], lake.ChunksOf("json.gz")[0], overwrite: true), new Told(Raw, FindingKind.Altered)),
        new("a chunk under another name", lake => File.Move(lake.ChunksOf("json")[0], lake.ChunksOf("json")[0] + "l"), new Told(Raw, FindingKind.Missing), new Told(Raw, FindingKind.Unexpected)),
        new("a chunk a second time", lake => File.Copy(lake.ChunksOf("json")[0], Path.Combine(lake.Folder, "raw/transaction/again.json")), new Told(Raw, FindingKind.Unexpected) { Place = "again.json line" }),
        new("a chunk behind the last", lake => File.Copy(lake.ChunksOf("json")[0], lake.ChunksOf("json")[^1].Replace("0000000", "0000009", StringComparison.Ordinal)), new Told(Raw, FindingKind.Unexpected)),
        new("an object that is none", lake => File.WriteAllText(Path.Combine(lake.Folder, "raw/transaction/notes.json"), "hello\n"), new Told(Raw, FindingKind.Unexpected) { Place = "notes.json line 1" }),
        new("all chunks of an emulation gone", lake => Directory.Delete(Path.GetDirectoryName(lake.ChunksOf("csv")[0])!, recursive: true), new Told(Raw, FindingKind.Missing) { Records = RawLake.Rows }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_RawTampered_IsTold(string name) => raw.TryAsync(s_tampers, name);

    // A record of the first chunk of each format.
    private static IEnumerable<Tamper> RecordTampers(string ending)
    {
        int first = RawLake.Endings.ToList().IndexOf(ending) * RawLake.Rows;
        int header = ending == "csv" ? 1 : 0;
        bool isParquet = ending == "parquet";
        Tamper New(string name, Action<List<string>> change, string query, params Told[] told) =>
            new($"{ending}: {name}", lake => Edit(lake, change, query), told);
        void Edit(AuditedLake lake, Action<List<string>> change, string query)
        {
            if (isParquet)
            {
                lake.Query(query);
            }
            else
            {
                lake.Change(ending, change);
            }
        }

        yield return New("a value changed", lines => lines[header + 3] = Regex.Replace(lines[header + 3], "(?<=[:,])[0-9]+\\.[0-9]+(?=,)", "77777.5"), "SELECT * REPLACE (CASE WHEN n = 3 THEN 77777.5 ELSE amount END AS amount) FROM this", Row(first + 3, FindingKind.Altered, "amount") with { Found = "77777.5" });
        yield return New("a record gone", lines => lines.RemoveAt(header + 3), "FROM this WHERE n <> 3", Row(first + 3, FindingKind.Missing));
        yield return New("a record twice", lines => lines.Insert(header + 3, lines[header + 3]), "FROM this UNION ALL FROM this WHERE n = 3", Row(first + 3, FindingKind.Duplicated));
        yield return New("two records exchanged", lines => (lines[header + 2], lines[header + 5]) = (lines[header + 5], lines[header + 2]), "SELECT * REPLACE (CASE n WHEN 2 THEN 5 WHEN 5 THEN 2 ELSE n END AS n) FROM this", new Told(Raw, FindingKind.Altered, "place") { Records = 2 });
        yield return new Tamper($"{ending}: cut off", lake => lake.ChangeBytes(ending, bytes => bytes[..(bytes.Length / 2)]), ending is "json" or "csv" ? [new Told(Raw, FindingKind.Missing), new Told(Raw, FindingKind.Altered)] : [new Told(Raw, FindingKind.Damaged), new Told(Raw, FindingKind.Missing)]);
        yield return new Tamper($"{ending}: a chunk gone", lake => File.Delete(lake.ChunksOf(ending)[0]), new Told(Raw, FindingKind.Missing) { Cause = "the object is gone" });
    }

    private static IEnumerable<Tamper> LineTampers(string ending)
    {
        yield return new Tamper($"{ending}: a blank line", lake => lake.Change(ending, lines => lines.Insert(4, "")), new Told(Raw, FindingKind.Unexpected) { Found = "a blank line", Place = "line 5" });
        yield return new Tamper($"{ending}: a line that is not a record", lake => lake.Change(ending, lines => lines.Insert(4, "garbage")), new Told(Raw, FindingKind.Unexpected) { Found = "garbage", Records = 1 });
        yield return new Tamper($"{ending}: no line feed at the end", lake => lake.ChangeContent(ending, content => content[..^1]), Object(ending));
    }

    private static Told Row(int row, FindingKind kind, string? column = null) => new(Raw, kind, column) { Records = 1, Row = row };

    private static Told Object(string ending) => new(Raw, FindingKind.Altered) { Records = 0, Place = $".{ending}" };

    private static void Exchange(string one, string other)
    {
        File.Move(one, one + ".kept");
        File.Move(other, one);
        File.Move(one + ".kept", other);
    }
}
