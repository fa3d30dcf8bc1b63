using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.DuckDb;

namespace LakehouseLab.Tests.Pipeline.Dialect;

/// <summary>Runs the probes of the dialect on the embedded engine. tests/dialect/probes.txt has what other engines give.</summary>
public sealed class ProbeTests
{
    private static readonly List<Probe> s_probes = Read();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, s_probes.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Query_OnDuckDb_GivesTheRow(int number)
    {
        using TemporaryFolder folder = new();
        using DuckDbSession session = new(new DuckDbOptions(1L << 30, 1), folder.Path);
        List<string> rows = await session.QueryAsync(
            $"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({s_probes[number].Sql}) AS probe",
            static reader => string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))),
            TestContext.Current.CancellationToken);
        Assert.Equal([s_probes[number].Row], rows);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Query_OfAProbe_IsInTheDialect(int number) => Assert.Empty(BoundSql.ProblemsOf(s_probes[number].Sql));

    [Fact]
    public void Probes_ShowAllThatIsAllowed()
    {
        IEnumerable<string> casts = CastRules.Allowed.Select(static cast => $"{NameOf(cast.From)}>{NameOf(cast.To)}");
        string[] allowed = [.. FunctionRules.All.Select(static rule => rule.Name), .. OperatorRules.All.Select(static name => name.Replace(' ', '_')), .. casts];
        Assert.Empty(allowed.Except(s_probes.SelectMany(static probe => probe.Shows)));
    }

    private static string NameOf(SqlKind kind) => kind switch
    {
        SqlKind.Text => "STRING",
        _ => kind.ToString().ToUpperInvariant(),
    };

    private static List<Probe> Read()
    {
        using StreamReader reader = new(typeof(ProbeTests).Assembly.GetManifestResourceStream("probes.txt")!);
        List<Probe> probes = [];
        string[] shows = [];
        List<string> sql = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                shows = line[1..^1].Split(' ');
                sql.Clear();
            }
            else if (line.StartsWith('→'))
            {
                probes.Add(new Probe(shows, string.Join('\n', sql), line[Math.Min(2, line.Length)..]));
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
            {
                sql.Add(line);
            }
        }

        return probes;
    }

    private sealed record Probe(string[] Shows, string Sql, string Row);
}
