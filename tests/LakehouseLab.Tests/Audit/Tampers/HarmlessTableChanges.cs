namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class HarmlessTableChanges(WholeLake whole)
{
    private static readonly Tamper[] s_changes =
    [
        new("rows of a file in another order", lake => lake.Replace("silver/transactions", "FROM this ORDER BY amount DESC")),
        new("a file's columns in another order", lake => lake.Replace("silver/device_logs", "SELECT _offset, * EXCLUDE (_offset) FROM this")),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_changes);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ChangedHarmlessly_StaysClean(string name) => whole.TryAsync(s_changes, name);
}
