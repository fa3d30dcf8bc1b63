using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.Flows;

/// <summary>
/// What a table's flow has taken in, batch by batch. A batch's exact inputs are recorded before its work begins and its
/// number is the version of the flow's <c>txn</c> in the table, so a batch whose commit is missing is run again with the
/// same inputs: once into the table, whatever killed the run.
/// </summary>
/// <typeparam name="TInputs">What a batch takes in.</typeparam>
/// <param name="lake">The lake.</param>
/// <param name="flow">The flow's name: that of its table, such as <c>bronze.transactions</c>.</param>
/// <param name="type">How inputs are written.</param>
public sealed class FlowProgress<TInputs>(Lake lake, string flow, JsonTypeInfo<TInputs> type)
    where TInputs : class
{
    private readonly string _folder = $"{LakeLayout.Progress}{flow}/";

    /// <summary>Reads the inputs of all recorded batches; batch n is at index n.</summary>
    /// <exception cref="LakeException">A record is missing or damaged.</exception>
    public async Task<IReadOnlyList<TInputs>> ReadAsync(CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(_folder, cancellationToken).ConfigureAwait(false))
        {
            if (item.Key != KeyOf(keys.Count))
            {
                throw new LakeException($"{lake.Location}/{KeyOf(keys.Count)} is missing though later batches are there: restore it from a copy");
            }

            keys.Add(item.Key);
        }

        List<TInputs> batches = [];
        await foreach ((string key, byte[]? json) in lake.Store.ReadEachAsync(keys, cancellationToken).ConfigureAwait(false))
        {
            string place = $"{lake.Location}/{key}";
            batches.Add(LakeDocument.Read(json ?? throw new LakeException($"{place} vanished while it was read: run the command again"), place, type));
        }

        return batches;
    }

    /// <summary>Refuses a table that has batches which are not recorded: what they took in is not known.</summary>
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
    /// <param name="inputs">All that it takes in.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <exception cref="LakeException">Another run recorded the batch meanwhile.</exception>
    public async Task RecordAsync(long batch, TInputs inputs, CancellationToken cancellationToken)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(inputs, type);
        if (!await lake.Store.TryPutAsync(KeyOf(batch), json, cancellationToken).ConfigureAwait(false))
        {
            throw new LakeException($"{lake.Location}/{KeyOf(batch)} was written by another run meanwhile: run the command again");
        }
    }

    private string KeyOf(long batch) => string.Create(CultureInfo.InvariantCulture, $"{_folder}{batch:D12}.json");
}
