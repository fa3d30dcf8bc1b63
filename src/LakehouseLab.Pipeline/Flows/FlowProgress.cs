using System.Globalization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Ledgers;

namespace LakehouseLab.Pipeline.Flows;

/// <summary>
/// What a table's flow has ingested, batch by batch. A batch's exact inputs are recorded before its work begins and its
/// number is the version of the flow's <c>txn</c> in the table, so a batch whose commit is missing is run again with the
/// same inputs: once into the table, whatever killed the run. Records of finished batches are condensed.
/// </summary>
/// <typeparam name="TInputs">What a batch ingests.</typeparam>
/// <param name="lake">The lake.</param>
/// <param name="flow">The flow's name: that of its table, such as <c>bronze.transactions</c>.</param>
/// <param name="form">How inputs are written.</param>
public sealed class FlowProgress<TInputs>(Lake lake, string flow, LedgerForm<TInputs> form)
    where TInputs : class
{
    /// <summary>Digits of a batch's number in names.</summary>
    public const int Digits = 12;

    private readonly string _folder = $"{LakeLayout.Progress}{flow}/";
    private readonly Ledger<TInputs> _ledger = new(lake, $"{LakeLayout.Progress}{flow}/", form);

    /// <summary>Reads the inputs of all recorded batches; batch n is at index n.</summary>
    /// <exception cref="LakeException">A record is missing or damaged.</exception>
    public Task<IReadOnlyList<TInputs>> ReadAsync(CancellationToken cancellationToken) => _ledger.ReadAsync(cancellationToken);

    /// <summary>Reads how many batches are recorded, and the inputs of the last.</summary>
    /// <exception cref="LakeException">A record is missing, or the last is damaged.</exception>
    public Task<LedgerTail<TInputs>> ReadTailAsync(CancellationToken cancellationToken) => _ledger.ReadTailAsync(cancellationToken);

    /// <summary>Refuses a table that has batches which are not recorded: what they ingested is not known.</summary>
    /// <param name="committed">The last batch in the table; -1 for none.</param>
    /// <param name="recorded">How many batches are recorded.</param>
    /// <param name="table">Key of the table's folder.</param>
    /// <exception cref="LakeException">The table has such a batch.</exception>
    public void RefuseUnrecorded(long committed, int recorded, string table)
    {
        if (committed >= recorded)
        {
            throw new LakeException($"{lake.Location}/{table} has batch {committed} though {lake.Location}/{_folder} records {recorded} only: restore the records from a copy, or the table");
        }
    }

    /// <summary>Records a batch before its work begins.</summary>
    /// <param name="batch">Its number: one more than the last recorded one's, from 0.</param>
    /// <param name="inputs">All that it ingests.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <exception cref="LakeException">Another run recorded the batch meanwhile.</exception>
    public async Task RecordAsync(long batch, TInputs inputs, CancellationToken cancellationToken)
    {
        if (!await _ledger.TryAppendAsync((int)batch, inputs, cancellationToken).ConfigureAwait(false))
        {
            throw new LakeException(string.Create(CultureInfo.InvariantCulture, $"{lake.Location}/{_folder}: batch {batch} was recorded by another run meanwhile: run the command again"));
        }
    }

    /// <summary>Adds to a recorded batch what its work found out, before it commits.</summary>
    /// <param name="batch">Its number.</param>
    /// <param name="inputs">The same inputs, with what was found out.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public Task CompleteAsync(long batch, TInputs inputs, CancellationToken cancellationToken) =>
        _ledger.SupplementAsync((int)batch, LakeDocument.Write(inputs, form.Entry), cancellationToken);

    /// <summary>Condenses the records of batches that are in the table.</summary>
    /// <param name="committed">The last batch in the table.</param>
    /// <param name="cancellationToken">Ends it; what is there stays readable.</param>
    public Task CondenseAsync(long committed, CancellationToken cancellationToken) => _ledger.CondenseAsync((int)committed + 1, cancellationToken);
}
