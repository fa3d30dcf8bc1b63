using System.Security.Cryptography;
using LakehouseLab.Decoding;
using LakehouseLab.Decoding.Files;
using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;

namespace LakehouseLab.TaskProgram;

/// <summary>Decodes a Bronze file of a lake into a file of the lake's staging folder.</summary>
/// <param name="stores">Opens lakes.</param>
internal sealed class TaskDecoder(WorkerStores stores)
{
    /// <summary>Decodes a file. The output has a random name and is whole or not there: a task that an engine repeats leaves a file that nobody names.</summary>
    /// <exception cref="TaskProtocolException">The task cannot be done as it is.</exception>
    /// <exception cref="StorageException">A file cannot be read or written.</exception>
    public async Task<DecodeAnswer> DecodeAsync(DecodeTask task, CancellationToken cancellationToken)
    {
        Domain domain = Check(task);
        IObjectStore store = stores.Open(task.Lake);
        using LocalLease lease = new();
        string bronze = await FetchAsync(store, task, lease, cancellationToken);
        using StagedFile staged = store.Stage(".parquet");
        FileSummary summary = new RecordDecoder(domain, task.Foreign, task.QuarantineForeign).Decode(bronze, staged.Path, cancellationToken).Summary;
        if (summary.Records != task.Records)
        {
            throw new TaskProtocolException($"{task.Lake}/{task.File} has {summary.Records} records, and the table's log says {task.Records}: restore the file from a copy");
        }

        string output = $"{task.Staging}{RandomNumberGenerator.GetHexString(16, lowercase: true)}.parquet";
        return await staged.TryPublishAsync(output, cancellationToken)
            ? new DecodeAnswer(task.File, output, summary, TaskVersion.Current.Version, DecoderFingerprint.Value)
            : throw new TaskProtocolException($"{task.Lake}/{output} is there already: run the pipeline again");
    }

    private static Domain Check(DecodeTask task)
    {
        if (task.Fingerprint != DecoderFingerprint.Value)
        {
            throw new TaskProtocolException(
                $"this is {TaskVersion.ProgramName} {TaskVersion.Current.Version} ({DecoderFingerprint.Value}), and the pipeline is a lakelab that decodes otherwise ({task.Fingerprint}): install the {TaskVersion.ProgramName} of its release on every worker, or let the pipeline bring its own (--decode artifact)");
        }

        if (!ObjectKey.IsValid(task.File) || !task.Staging.StartsWith(DecodeTask.StagingFolder, StringComparison.Ordinal) || !task.Staging.EndsWith('/') || !ObjectKey.IsValid(task.Staging.AsSpan()[..^1]))
        {
            throw new TaskProtocolException($"file '{task.File}' or staging '{task.Staging}' does not name a place within the lake: both are keys without empty segments, '.' or '..', and staging begins with {DecodeTask.StagingFolder} and ends with /");
        }

        return Domain.Find(task.Domain) ?? throw new TaskProtocolException($"'{task.Domain}' is not a domain: {string.Join(", ", Domain.All.Select(domain => domain.Name))}");
    }

    private static async Task<string> FetchAsync(IObjectStore store, DecodeTask task, LocalLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetLocalPathAsync(task.File, lease, cancellationToken);
        }
        catch (StorageException exception) when (exception.IsNotFound)
        {
            throw new TaskProtocolException($"{task.Lake}/{task.File} is not there for worker {Environment.MachineName}: mount the lake at the same path on every worker, keep it on S3, or decode in the client (--decode client)");
        }
    }
}
