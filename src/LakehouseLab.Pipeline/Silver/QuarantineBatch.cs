using LakehouseLab.Decoding.Bronze;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Silver;

/// <summary>A batch's refused records on their way into quarantine. The table is shared by all models of a source, each with a <c>txn</c> of its own.</summary>
internal sealed class QuarantineBatch
{
    private readonly StagedRows? _staged;

    private QuarantineBatch(StagedRows? staged) => _staged = staged;

    /// <summary>How many records there are.</summary>
    public long Records => _staged?.Rows ?? 0;

    /// <summary>Stages the records that the decoder rejected and those that were refused after it.</summary>
    public static async Task<QuarantineBatch> StageAsync(
        IEngineSession session, TableVersions versions, ModelBatch batch, ReceivedRecords received, RefusedRecords refused, CancellationToken cancellationToken)
    {
        bool isFull = batch.Inputs.Full;
        if (received.Decoded.Totals.Rejected == 0 && refused.Rows is null && !isFull)
        {
            return new QuarantineBatch(null);
        }

        TableVersion table = await versions.GetAsync(QuarantineTable.Name, cancellationToken).ConfigureAwait(false);
        ReplacedRows replaced = isFull ? new ReplacedRows.Partitions(new HashSet<string> { batch.Model.Table.Name }) : ReplacedRows.Nothing;
        return new QuarantineBatch(await session.StageAsync(new TableWrite(table, replaced), Query(batch, received, refused), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Commits, unless an earlier run of the same batch did.</summary>
    /// <exception cref="ModelException">Another writer changed the table meanwhile.</exception>
    public async Task CommitAsync(IEngineSession session, TableVersions versions, ModelBatch batch, CancellationToken cancellationToken)
    {
        if (_staged is { ChangesTable: true } && _staged.Write.Base.LastBatchOf(batch.Flow) < batch.Number)
        {
            await session.CommitAsync(_staged, batch.Flow, batch.Number, cancellationToken).ConfigureAwait(false);
            versions.Forget(QuarantineTable.Name);
        }
    }

    private static string Query(ModelBatch batch, ReceivedRecords received, RefusedRecords refused)
    {
        const string Record = "payload, payload_bytes, _format, _emulation_id, _batch, _source, _offset, _ingested_at";
        string name = SqlText.Literal(batch.Model.Table.Name);
        string rejected = $"SELECT _reason AS reason, {Record} FROM {received.Decoded.All.Sql} AS staged WHERE _reason <> {SqlText.Literal(ForeignRecords.Omitted)}";
        string typed = refused.Rows is null ? "" : $" UNION ALL SELECT reason, {Record} FROM {received.Bronze.Sql} AS received JOIN {refused.Rows.Sql} AS refused USING (_batch, _source, _offset)";
        return $"SELECT md5({name} || ':' || CAST(_batch AS STRING) || ':' || _source || ':' || CAST(_offset AS STRING)) AS id, {name} AS table_name, * FROM ({rejected}{typed}) AS records ORDER BY _batch, _source, _offset";
    }
}
