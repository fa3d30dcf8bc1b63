namespace LakehouseLab.Tests.Cli;

/// <summary>Every mistake gets exit code 2 and one line: what was given, what is allowed, the nearest right word.</summary>
public sealed class WrongRequestTests
{
    [Theory]
    [InlineData("emulat", "'emulat' is not a command of lakelab; did you mean emulate?")]
    [InlineData("emulate transactions", "'transactions' is not a domain: allowed are user-profile, transaction, device-log, all; did you mean transaction?")]
    [InlineData("emulate transactions --rows ten", "'transactions' is not a domain")]
    [InlineData("emulate transaction --trips offf", "--trips: 'offf' is none of on, off; did you mean off?")]
    [InlineData("emulate user_profile", "did you mean user-profile?")]
    [InlineData("emulate DEVICE_LOGS", "did you mean device-log?")]
    [InlineData("sample weather", "'weather' is not a domain: allowed are user-profile, transaction, device-log\n")]
    [InlineData("emulate transaction --rwos 5", "--rwos is not a flag of lakelab emulate; did you mean --rows?")]
    [InlineData("emulate transaction --rows=1 --fraud_rates=2", "--fraud_rates is not a flag of lakelab emulate; did you mean --fraud-rate?")]
    [InlineData("emulate transaction --xyz", "--xyz is not a flag of lakelab emulate; see lakelab emulate --help")]
    [InlineData("emulate transaction more", "'more' is one argument too many; see lakelab emulate --help")]
    [InlineData("emulate", "emulate needs user-profile|transaction|device-log|all; see lakelab emulate --help")]
    [InlineData("emulate transaction --rows", "--rows needs a value; see lakelab emulate --help")]
    [InlineData("emulate transaction --rows 1 --rows 2", "--rows was given 2 times; see lakelab emulate --help")]
    [InlineData("emulate transaction --rows 1e99", "--rows: '1e99' is not a whole number from 1 to 1,152,921,504,606,846,976: write it like 1000000, 10_000, 250k or 1M")]
    [InlineData("emulate transaction --rows -5", "--rows: '-5' is not a whole number")]
    [InlineData("emulate transaction --rows ten", "--rows: 'ten' is not a whole number")]
    [InlineData("emulate transaction --rows 0", "--rows: '0' is not a whole number from 1 to")]
    [InlineData("emulate transaction --format jsno", "--format: 'jsno' is none of json, csv, parquet; did you mean json?")]
    [InlineData("emulate transaction --sync kafak", "--sync: 'kafak' is none of local, minio, kafka; did you mean kafka?")]
    [InlineData("emulate transaction --format csv --sync kafka", "--format: csv is not for kafka: a message is one record, as json")]
    [InlineData("emulate transaction --format parquet --compression zstd", "--compression: zstd is not for parquet, which compresses by itself")]
    [InlineData("emulate transaction --sync-type group", "--sync-type: 'group' is none of single, grouped, chunked; did you mean grouped?")]
    [InlineData("emulate transaction --sync-type single", "--sync-type: single makes an object of each record, so it needs rows, and at most 10000 of them")]
    [InlineData("emulate transaction --bucket b", "--bucket is for --sync minio: leave it out, or give that")]
    [InlineData("emulate transaction --rate fast", "--rate: 'fast' is not a pace: write it like max, 1000/s, realtime or 60x")]
    [InlineData("emulate transaction --rate 0/s", "--rate: '0/s' is not a pace")]
    [InlineData("emulate transaction --duration 5", "--duration: '5' is not a span of time from 1ms to 7d: write it like 90s, 2m30s")]
    [InlineData("emulate transaction --duration 8d", "--duration: '8d' is not a span of time")]
    [InlineData("emulate all --duration 5s", "--duration takes one domain at a time")]
    [InlineData("emulate all --rows 5 --sync kafka --topic t", "--topic takes one domain at a time")]
    [InlineData("emulate transaction --sync minio --out null", "--out and --sync minio exclude each other")]
    [InlineData("emulate al", "did you mean all?")]
    [InlineData("emulate all --out -", "--out - takes one domain at a time: name one, or give a folder")]
    [InlineData("emulate all --emulation 11111111-2222-8333-8444-555555555555", "--emulation names an emulation of one domain: name that domain instead of all")]
    [InlineData("emulate transaction --emulation 11111111-2222-8333-8444-555555555555 --until 2026-02-01", "--until and --emulation exclude each other")]
    [InlineData("emulate transaction --emulation 11111111-2222-8333-8444-555555555555 --out null", "--out null keeps no emulation to go on with")]
    [InlineData("emulate transaction --from 2026-02-01 --first-row 5", "--from and --first-row exclude each other")]
    [InlineData("emulate transaction --first-row next --out null", "--first-row: 'next' is where a lake's rows end, and --out null has no lake")]
    [InlineData("emulate transaction --rows 10 --shard 0/16", "--shard: '0/16' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard 17/16", "--shard: '17/16' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard 3/0", "--shard: '3/0' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard a/b", "--shard: 'a/b' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard 3", "--shard: '3' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard 1/2/3", "--shard: '1/2/3' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard -1/4", "--shard: '-1/4' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard 1/1000001", "--shard: '1/1000001' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --rows 10 --shard 1/4x", "--shard: '1/4x' is not a shard: write I/N, shard I of N, counted from 1, such as 1/16 for the first and 16/16 for the last")]
    [InlineData("emulate transaction --shard 3/16", "--shard 3/16: it is not said which rows are split: give --rows or --until, the same for all shards")]
    [InlineData("emulate all --from 2026-02-01 --shard 3/16", "--shard 3/16: it is not said which rows are split")]
    [InlineData("emulate transaction --duration 5s --shard 3/16", "--shard 3/16: it is not said which rows are split")]
    [InlineData("emulate transaction --rows 160 --first-row next --shard 3/16", "--shard 3/16: 'next' is another row for each shard: give --first-row a number, the same for all shards")]
    [InlineData("emulate transaction --rows 10 --shard 3/16 --out null", "shard 3/16 of 10 rows of transaction: there are more shards than rows")]
    [InlineData("emulate transaction --emulation 11111111-2222-8333-8444-555555555555 --shard 3/16", "--shard and --emulation exclude each other")]
    [InlineData("emulate transaction --first-row last --out null", "--first-row: 'last' is not a whole number from 0 to")]
    [InlineData("emulate transaction --first-row 1000000T --rows 1000000T --out null", "rows end with 1152921504606846975, ask for fewer")]
    [InlineData("emulate transaction --first-row 1000T --rows 5 --out null", "the world ends with the year 9999")]
    [InlineData("emulate transaction --from 2026-02-01 --until 2026-02-01 --out null", "there is no transaction from 2026-02-01T00:00:00.000Z until 2026-02-01T00:00:00.000Z: give a later end")]
    [InlineData("emulate transaction --until 2025-01-01 --out null", "there is no transaction from row 0 until 2025-01-01T00:00:00.000Z")]
    [InlineData("emulate transaction --labels in-line", "--labels: 'in-line' is none of inline, none; did you mean inline?")]
    [InlineData("emulate transaction --max-chunk-size 64M", "--max-chunk-size: '64M' is not a size of at least 1 B: write it like 64MiB, 1GB or 65536 (bytes)")]
    [InlineData("emulate transaction --start yesterday", "--start: 'yesterday' is not a date or time: write it like 2026-01-31")]
    [InlineData("emulate transaction --fraud-rate 6%", "--fraud-rate: '6%' is not a share from 0 to 0.05: write it like 0.003 or 0.3%")]
    [InlineData("emulate transaction --fraud-mix takeover", "--fraud-mix: 'takeover' is not a fraud mix: ")]
    [InlineData("emulate transaction --users 5", "--users: '5' is not a whole number from 100 to 100,000,000")]
    [InlineData("emulate transaction --emulation 5", "--emulation: '5' is not an emulation: write its id as the manifest names it")]
    [InlineData("emulate transaction --sync local --lake s3://bucket", "--sync local: lake 's3://bucket' is not a folder, so give --sync minio")]
    public async Task RunAsync_WrongRequest_SaysSoInOneLine(string line, string expected)
    {
        CommandRun run = await CommandRun.OfAsync(line);
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Data);
        Assert.StartsWith("lakelab: ", run.Words, StringComparison.Ordinal);
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task RunAsync_LakeIsAFile_SaysSo()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.Combine("lake"), "x", TestContext.Current.CancellationToken);
        CommandRun run = await CommandRun.OfAsync(["emulate", "transaction", "--rows", "10", "--lake", folder.Combine("lake")]);
        Assert.Equal(2, run.Code);
        Assert.Contains("is a file: give a folder", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LakeBelowAFile_IsAFailureOfTheSystem()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.Combine("file"), "x", TestContext.Current.CancellationToken);
        string lake = Path.Combine(folder.Combine("file"), "lake");
        CommandRun run = await CommandRun.OfAsync(["emulate", "transaction", "--rows", "10", "--lake", lake]);
        Assert.Equal(3, run.Code);
        Assert.StartsWith($"lakelab: cannot write to '{lake}': ", run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }
}
