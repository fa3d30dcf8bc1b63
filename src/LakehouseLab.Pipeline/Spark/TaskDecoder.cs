using LakehouseLab.Decoding.Files;
using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Decodes in Spark's tasks, a row for each Bronze file, by <c>lakelab-task</c>. Only files that were answered count: a task that Spark ran again leaves another.</summary>
/// <param name="spark">The session's statements.</param>
/// <param name="places">Where Spark finds the lake.</param>
/// <param name="program">The program, as workers find it.</param>
/// <param name="credentials">The file of credentials, as workers find it; null for none.</param>
internal sealed class TaskDecoder(SparkStatements spark, SparkPlaces places, string program, string? credentials) : IBronzeDecoder
{
    /// <inheritdoc/>
    public async Task<(IReadOnlyList<string> Keys, DecodedTotals Totals)> DecodeAsync(DecodeRequest request, string staging, CancellationToken cancellationToken)
    {
        DecodeTask[] tasks = [.. request.Files.Select(file => TaskOf(request, file, staging))];
        string rows = string.Join(", ", tasks.Select(static task => $"({SqlText.Literal(TaskProtocol.Write(task))})"));
        string query = $"SELECT TRANSFORM(task) USING {SqlText.Literal(TaskCommand.Decode(program, credentials))} AS (answer STRING) FROM VALUES {rows} AS tasks(task)";
        IReadOnlyList<IReadOnlyList<string?>> lines = await spark.QueryAsync(query, cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<DecodeAnswer> answers = TaskProtocol.Match(tasks, [.. lines.Select(static line => TaskProtocol.ReadAnswer(line[0]))]);
            return ([.. answers.Select(static answer => answer.Output)], DecodedTotals.Of([.. answers.Select(static answer => answer.Summary)]));
        }
        catch (TaskProtocolException exception)
        {
            throw new ModelException(exception.Message, exception);
        }
    }

    private DecodeTask TaskOf(DecodeRequest request, AddFile file, string staging) => new(
        DecoderFingerprint.Value,
        places.Location,
        request.Domain.Name,
        request.Bronze.Table.KeyOf(file.Path),
        file.Rows ?? throw new ModelException($"{request.Bronze.Table.Location} does not say how many records {file.Path} has, so that lost ones would not be noticed: run with --decode client"),
        request.Foreign,
        request.Treatment == ForeignTreatment.Quarantine,
        staging);
}
