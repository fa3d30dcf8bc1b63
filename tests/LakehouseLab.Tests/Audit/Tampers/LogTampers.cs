using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class LogTampers(WholeLake whole)
{
    private static readonly Tamper[] s_tampers =
    [
        new("fewer rows than the file has", lake => TableTampering.ChangeStatistics(lake, "gold/daily_spend", statistics => statistics["numRecords"] = 1), new Told("gold.daily_spend", FindingKind.Altered, "numRecords") { Found = "1", Records = 0 }),
        new("another size", lake => TableTampering.ChangeFirst(lake, "silver/device_logs", "add", add => add["size"] = 4), new Told("silver.device_logs", FindingKind.Altered, "size") { Found = "4", Records = 0 }),
        new("the last commit gone", lake => File.Delete(lake.CommitsOf("silver/transactions")[^1]), new Told("lake", FindingKind.Missing) { Records = 0 }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_LogTampered_IsTold(string name) => whole.TryAsync(s_tampers, name);
}
