using System.Data.Common;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Tests;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Settings;

namespace LakehouseLab.IntegrationTests;

/// <summary>Others read our Parquet chunks: DuckDB and Spark see the types that are meant and the values of the JSON records.</summary>
public sealed class ParquetReadsTests
{
    private const int Rows = 20_000;

    private static readonly Dictionary<string, string> s_sparkTypes = new()
    {
        ["Int64"] = "bigint",
        ["Text"] = "string",
        ["Uuid"] = "string",
        ["Boolean"] = "boolean",
        ["Timestamp"] = "timestamp",
        ["Date"] = "date",
    };

    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    public static TheoryData<string> Domains => [.. Domain.All.Select(domain => domain.Name)];

    [Theory]
    [MemberData(nameof(Domains))]
    public async Task DuckDb_ParquetChunks_AnswersAsOverJson(string domain)
    {
        Domain asked = Domain.Find(domain)!;
        using TemporaryFolder parquet = new();
        using TemporaryFolder json = new();
        string chunks = $"'{parquet.Path}/raw/{domain}/*/*.parquet'";
        await EmulateAsync(asked, parquet, RecordFormat.Parquet);
        await EmulateAsync(asked, json, RecordFormat.Json);

        using DuckDBConnection connection = new("DataSource=:memory:");
        await connection.OpenAsync(s_token);
        List<string> types = await AskAsync(connection, $"SELECT name || ' ' || type FROM (SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM read_parquet({chunks})))");
        Assert.Equal(asked.Schema.Fields.Select(field => $"{field.Name} {DuckDbTypeOf(field)}"), types);
        string columns = string.Join(", ", asked.Schema.Fields.Select(field => $"{field.Name}: '{(field.Type == FieldType.Timestamp ? "TIMESTAMPTZ" : DuckDbTypeOf(field))}'"));
        string lines = $"read_json('{json.Path}/raw/{domain}/*/*.json', format = 'newline_delimited', columns = {{{columns}}})";
        Assert.Equal([$"{Rows} 0"], await AskAsync(connection, $"SELECT (SELECT count(*) FROM read_parquet({chunks})) || ' ' || (SELECT count(*) FROM (SELECT * FROM read_parquet({chunks}) EXCEPT ALL SELECT * FROM {lines}))"));
    }

    [Fact]
    public async Task Spark_ParquetChunks_HasTheTypesAndSumsOfTheRecords()
    {
        ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK");
        using TemporaryFolder folder = new();
        List<string> statements = [];
        foreach (Domain domain in Domain.All)
        {
            await EmulateAsync(domain, folder, RecordFormat.Parquet);
            string columns = string.Join(", ", domain.Schema.Fields.SelectMany(field => new[]
            {
                $"first(typeof(`{field.Name}`)) AS `type_{field.Name}`", $"sum(CAST(crc32(CAST(CAST(`{field.Name}` AS STRING) AS BINARY)) AS DECIMAL(20,0))) AS `sum_{field.Name}`", $"count(`{field.Name}`) AS `count_{field.Name}`",
            }));
            statements.Add($"SELECT '{domain.Name}' AS domain, count(*) AS n, {columns} FROM parquet.`{folder.Path}/raw/{domain.Name}/*`");
        }

        (int code, string output, string words) = await stack.RunAsync(["sql", .. statements]);
        Assert.True(code == 0, words);
        JsonElement[] answers = [.. output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Domain.All.Count, answers.Length);
        foreach ((Domain domain, JsonElement answer) in Domain.All.Zip(answers))
        {
            Assert.Equal(Rows, answer.GetProperty("n").GetInt64());
            List<JsonElement> records = await RecordsAsync(domain);
            foreach (Field field in domain.Schema.Fields)
            {
                Assert.Equal(field.Type == FieldType.Decimal ? $"decimal({field.Precision},{field.Scale})" : s_sparkTypes[$"{field.Type}"], answer.GetProperty($"type_{field.Name}").GetString());
                string[] values = [.. records.Where(record => record.TryGetProperty(field.Name, out _)).Select(record => SparkText(field, record.GetProperty(field.Name)))];
                Assert.Equal(values.LongLength, answer.GetProperty($"count_{field.Name}").GetInt64());
                Assert.Equal(values.Sum(value => (decimal)Crc32.HashToUInt32(Encoding.UTF8.GetBytes(value))), answer.GetProperty($"sum_{field.Name}").GetDecimal());
            }
        }
    }

    private static async Task EmulateAsync(Domain domain, TemporaryFolder folder, RecordFormat format)
    {
        EmulationRequest request = new(domain, new EmulatedWorld(new WorldSettings()), 0, Rows) { Format = new ChunkFormat(format), MaxChunkSize = 1 << 20 };
        await Emulator.RunAsync(request, await Lake.OpenAsync(folder.Path, s_token), new EmulationControl(), s_token);
    }

    private static async Task<List<JsonElement>> RecordsAsync(Domain domain)
    {
        using MemoryStream lines = new();
        await Emulator.RunAsync(new EmulationRequest(domain, new EmulatedWorld(new WorldSettings()), 0, Rows), lines, new EmulationControl(), s_token);
        return [.. Encoding.UTF8.GetString(lines.ToArray()).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    // As Spark casts to text: decimals with all their digits, instants without T and Z and without zeros at their end.
    private static string SparkText(Field field, JsonElement value) => field.Type switch
    {
        FieldType.Decimal => value.GetDecimal().ToString($"F{field.Scale}", CultureInfo.InvariantCulture),
        FieldType.Timestamp => InstantText(value.GetString()!),
        FieldType.Int64 or FieldType.Boolean => value.GetRawText(),
        _ => value.GetString()!,
    };

    private static string InstantText(string rfc3339)
    {
        string text = rfc3339.Replace('T', ' ').TrimEnd('Z');
        return text.EndsWith(".000", StringComparison.Ordinal) ? text[..^4] : text.TrimEnd('0');
    }

    private static string DuckDbTypeOf(Field field) => field.Type switch
    {
        FieldType.Int64 => "BIGINT",
        FieldType.Decimal => $"DECIMAL({field.Precision},{field.Scale})",
        FieldType.Boolean => "BOOLEAN",
        FieldType.Timestamp => "TIMESTAMP WITH TIME ZONE",
        FieldType.Date => "DATE",
        _ => "VARCHAR",
    };

    private static async Task<List<string>> AskAsync(DuckDBConnection connection, string sql)
    {
        await using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await using DbDataReader reader = await command.ExecuteReaderAsync(s_token);
        List<string> rows = [];
        while (await reader.ReadAsync(s_token))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
