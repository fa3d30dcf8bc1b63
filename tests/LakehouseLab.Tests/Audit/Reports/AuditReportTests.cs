using System.Text.Json;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Server;
using LakehouseLab.Server.Audits;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;

namespace LakehouseLab.Tests.Audit.Reports;

public sealed class AuditReportTests
{
    private static readonly Finding s_finding = new(AuditLayer.Silver, "silver.transactions", FindingKind.Altered)
    {
        Domain = "transaction",
        Row = 41,
        Key = "k",
        Place = "x.parquet row 3",
        Column = "amount",
        Expected = "1",
        Found = "2",
        Cause = "it was édité",
        Remedy = "restore it",
    };

    private static readonly AuditReport s_report = new("./lake", [Table(new AuditCounts(10, 10, 0, 0, 1, 0), s_finding)]) { Seconds = 1.5 };

    [Fact]
    public void Serialize_ByTheServiceOrTheCommandLine_IsTheSameDocument()
    {
        string own = JsonSerializer.Serialize(s_report, AuditDocuments.Texts.AuditReport);
        AuditView view = new(Guid.Empty, JobState.Completed, new AuditSettings(), DateTimeOffset.UnixEpoch) { Findings = s_report, Link = "" };
        JsonSerializerOptions answers = new() { TypeInfoResolver = AuditReports.Default };
        ServiceHost.Form(answers);
        string served = JsonSerializer.Serialize(view, answers);
        Assert.Contains($"\"findings\":{own}", served, StringComparison.Ordinal);
        AuditReport read = JsonSerializer.Deserialize(own, AuditDocuments.Texts.AuditReport)!;
        Assert.Equal(s_finding, Assert.Single(read.Findings));
        Assert.Equal(own, JsonSerializer.Serialize(read, AuditDocuments.Texts.AuditReport));
    }

    [Fact]
    public void Serialize_Finding_HasAllThatIsKnown()
    {
        using JsonDocument document = JsonDocument.Parse(JsonSerializer.Serialize(s_report, AuditDocuments.Texts.AuditReport));
        JsonElement table = document.RootElement.GetProperty("tables")[0];
        Assert.Equal("altered", table.GetProperty("verdicts")[0].GetString());
        Assert.Equal(
            ["layer", "table", "kind", "domain", "records", "row", "key", "place", "column", "expected", "found", "cause", "remedy"],
            table.GetProperty("findings")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void Text_Finding_IsOneLine() =>
        Assert.Equal("altered: row 41 k at x.parquet row 3 (amount: expected 1, found 2; it was édité). Restore it", s_finding.Text);

    [Fact]
    public void Verdicts_BehindAndForeign_AreCleanUnlessCompletenessIsRequired()
    {
        AuditReport report = new("./lake", [Table(new AuditCounts(10, 10, 0, 0, 0, 0) { Foreign = 3 }) with { Behind = new Backlog(5, "lakelab pipeline run") }]);
        Assert.Equal([Verdict.Behind, Verdict.Foreign], report.Verdicts);
        Assert.True(report.IsClean);
        Assert.False((report with { RequiresComplete = true }).IsClean);
    }

    [Fact]
    public void Verdicts_FindingAboutTheTableAlone_CountsAsItsKind()
    {
        TableAudit audit = Table(new AuditCounts(10, 10, 0, 0, 0, 0), new Finding(AuditLayer.Silver, "silver.transactions", FindingKind.Contradictory) { Records = 0 });
        Assert.Equal((false, "contradictory"), (audit.IsClean, audit.Verdict));
    }

    [Fact]
    public void IsClean_Fault_IsNot() =>
        Assert.False(AuditReport.Of("./lake", AuditFault.Of(new IOException(), "the disk is full")).IsClean);

    private static TableAudit Table(AuditCounts counts, params Finding[] findings) =>
        new(AuditLayer.Silver, "silver.transactions", true, counts) { Findings = findings };
}
