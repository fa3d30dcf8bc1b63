using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>The DAG of the whole way of the data, held against the diagram in docs/airflow.md.</summary>
[Collection(typeof(AirflowTests))]
public sealed class SequenceTests(AirflowLab lab)
{
    private const string Dag = "lakehouse_lab_sequence";

    [Fact]
    public async Task Sequence_Recorded_IsThatOfTheDiagram()
    {
        await lab.StartAsync();
        lab.Calls.Clear();
        await lab.Airflow.TriggerAsync(Dag, "recorded");
        await lab.Airflow.SucceedAsync(Dag, "recorded");

        string page = await File.ReadAllTextAsync(Path.Combine(Page.Repository, "docs", "airflow.md"), TestContext.Current.CancellationToken);
        SequenceDiagram diagram = SequenceDiagram.Parse(page, "Service", "Emulator", "Generator", "Pipeline", "Audit");
        IReadOnlyList<string> seen = lab.Calls.First;
        Assert.True(!diagram.Contradictions(seen).Any(), $"{string.Join('\n', diagram.Contradictions(seen))}\nseen were\n{string.Join('\n', seen)}");

        // Whatever changes something is in the diagram; that somebody looks at something need not be.
        Assert.DoesNotContain(seen.Except(diagram.Calls), static call => !call.Contains(": GET ", StringComparison.Ordinal));
        Assert.Contains(lab.Messages, static message => message.StartsWith("lakehouse_lab_sequence.audit succeeded in run recorded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("A->>B: one,B->>A: two,A->>C: three", "")]
    [InlineData("B->>A: two,A->>B: one,A->>C: three", "'B->>A: two' was seen before 'A->>B: one'")]
    [InlineData("A->>B: one,A->>C: three", "'B->>A: two' was not seen")]
    public void Contradictions_OfADiagram_AreFound(string seen, string expected)
    {
        SequenceDiagram diagram = SequenceDiagram.Parse("```mermaid\nsequenceDiagram\n    A->>B: one\n    B->>X: inner\n    B-->>A: two\n    A->>C: three\n```\n", "B", "X");
        Assert.Equal(expected, string.Join(", ", diagram.Contradictions(seen.Split(','))));
    }

    [Fact]
    public void Contradictions_OfParallelBranches_LeaveTheirOrderOpen()
    {
        SequenceDiagram diagram = SequenceDiagram.Parse("```mermaid\nsequenceDiagram\n    par\n        A->>B: one\n    and\n        A->>C: two\n    end\n    A->>D: three\n```\n");
        Assert.Empty(diagram.Contradictions(["A->>C: two", "A->>B: one", "A->>D: three"]));
        Assert.Equal(["'A->>D: three' was seen before 'A->>B: one'"], diagram.Contradictions(["A->>C: two", "A->>D: three", "A->>B: one"]));
    }
}
