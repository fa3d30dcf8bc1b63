using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Decoding;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Puts a batch's refused records into quarantine. The table is shared by all models of a source, each with a <c>txn</c> of its own.</summary>
internal sealed class QuarantineWriter(DuckDbSession session, Lake lake, TimeProvider clock)
{
    private readonly DeltaTable _table = new(lake.Store, QuarantineTable.Name.Prefix);

    /// <summary>Writes the records that the decoder rejected and those of the table <c>refused</c>.</summary>
    public async Task<IReadOnlyList<WrittenFile>> WriteAsync(StagedQueries queries, SourceBatch source, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        if (source.Decoded.Rejected == 0 && await session.CountAsync("SELECT count(*) FROM refused", cancellationToken).ConfigureAwait(false) == 0)
        {
            return [];
        }

        string name = SqlText.Literal(queries.TableName);
        string rejected = $"SELECT _reason AS reason, payload, payload_bytes, _format, _emulation_id, _batch, _source, _offset, _ingested_at FROM {ParquetFiles.Relation(source.Decoded.Files.Select(file => file.Path))} AS staged WHERE _reason <> {SqlText.Literal(ForeignRecords.Omitted)}";
        string refused = $"SELECT reason, payload, payload_bytes, _format, _emulation_id, _batch, _source, _offset, _ingested_at FROM {ParquetFiles.Relation(source.BronzeFiles)} AS received JOIN refused USING (_batch, _source, _offset)";
        string query = $"SELECT md5(concat({name}, ':', _batch, ':', _source, ':', _offset)) AS id, {name} AS table_name, * FROM ({rejected} UNION ALL {refused}) AS records ORDER BY _batch, _source, _offset";
        DataFileWriter writer = new(session, _table, QuarantineTable.Schema, scratch, clock);
        return await writer.WritePartitionsAsync(query, QuarantineTable.Partition, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits, unless an earlier run of the same batch did.</summary>
    /// <exception cref="ModelException">Another writer changed the table meanwhile.</exception>
    public async Task CommitAsync(ModelBatch batch, IReadOnlyList<WrittenFile> files, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await _table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        List<Delta.Log.AddFile> replaced = batch.Inputs.Full
            ? [.. snapshot.Files.Where(file => file.PartitionValues[QuarantineTable.Partition] == batch.Model.Table.Name)]
            : [];
        if ((files.Count > 0 || replaced.Count > 0) && (snapshot.TransactionVersion(batch.Flow) ?? -1) < batch.Number)
        {
            await BatchCommit.RunAsync(_table, snapshot, batch.Flow, batch.Number, replaced, files, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
