using System.Text;
using LakehouseLab.Decoding.Records;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Bronze.Replays;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Repair;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline;

/// <summary>
/// The use case "repair what Silver refused": look at quarantined records, and append a repaired one to Bronze as a new record, which the next run
/// takes into Silver. The original stays in Bronze and in quarantine, so that a full refresh gives what the increments gave.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="catalog">The models, by which it is known what a table accepts.</param>
public sealed class QuarantineRepair(Lake lake, ModelCatalog catalog)
{
    /// <summary>Bytes of a repaired record at most: progress records keep it.</summary>
    public const int LargestPayload = 1 << 20;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Lists quarantined records, the last received first.</summary>
    /// <exception cref="InvalidRequestException">The filter names a table that refuses no records.</exception>
    public async Task<QuarantineListing> ListAsync(QuarantineFilter filter, CancellationToken cancellationToken)
    {
        string? table = filter.Table is { } name ? FindModel(name).Table.ToString() : null;
        if (!await IsThereAsync(cancellationToken).ConfigureAwait(false))
        {
            return new QuarantineListing(0, []);
        }

        QuarantineListing listing = await new QuarantineReader(lake).ListAsync(filter with { Table = table }, cancellationToken).ConfigureAwait(false);
        ILookup<string, RepairedRecord> repaired = await FindRepairedAsync(listing.Records.Select(record => record.Table).Distinct(), cancellationToken).ConfigureAwait(false);
        return listing with { Records = [.. listing.Records.Select(record => record with { Replays = [.. repaired[record.Id]] })] };
    }

    /// <summary>Finds a quarantined record, with what its table wants instead.</summary>
    /// <param name="id">Its id, or so much of its beginning as names it alone.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InvalidRequestException">It names none, or several.</exception>
    public async Task<QuarantinedDetails> ShowAsync(string id, CancellationToken cancellationToken)
    {
        QuarantinedRecord record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        ILookup<string, RepairedRecord> repaired = await FindRepairedAsync([record.Table], cancellationToken).ConfigureAwait(false);
        Model model = ModelOf(record);
        return new QuarantinedDetails(
            record with { Replays = [.. repaired[record.Id]] },
            PlaceOf(record),
            AcceptedRecord.Describe(record.Reason, model, DomainOf(model).Schema));
    }

    /// <summary>Appends a repaired record to Bronze, once: a replay that was killed is finished by the next one, or by the next run. The caller has locked the lake's tables.</summary>
    /// <param name="id">The quarantined record, by its id or so much of its beginning as names it alone.</param>
    /// <param name="payload">The repaired record; one line end behind it is not part of it.</param>
    /// <param name="topics">The Kafka cluster, from which a batch that an earlier run left unfinished is taken first; null when there is none.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it between records.</param>
    /// <returns>Where the record is. The same payload once more is not appended again.</returns>
    /// <exception cref="InvalidRequestException">There is no such record, Silver would refuse the payload for what it says, or another engine writes Bronze.</exception>
    public async Task<ReplayOutcome> ReplayAsync(string id, ReadOnlyMemory<byte> payload, ITopicLog? topics, TimeProvider clock, CancellationToken cancellationToken)
    {
        QuarantinedRecord record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        Domain domain = DomainOf(ModelOf(record));
        string text = Accept(payload.Span, domain);
        await RefuseOtherWriterAsync(domain, cancellationToken).ConfigureAwait(false);
        BronzeSources sources = new(Raw: false, topics is null ? null : new TopicIntake(topics, []));
        ReplayResult result = await BronzeIngestion.ReplayAsync(lake, domain, record.Id, text, sources, clock, cancellationToken).ConfigureAwait(false);
        return new ReplayOutcome(record.Id, BronzeTable.Of(domain).ToString(), result.Record.Source, result.Batch, result.IsKnown);
    }

    /// <summary>Where Bronze received a record from, as people read it: an object and line, or a topic, partition and offset.</summary>
    public static string PlaceOf(QuarantinedRecord record) => record.Source switch
    {
        string key when key.StartsWith(LakeLayout.Raw, StringComparison.Ordinal) => FormattableString.Invariant($"{key} line {record.Offset + 1}"),
        string replay when replay.StartsWith(ReplayedRecord.SourcePrefix, StringComparison.Ordinal) => replay,
        string partition => FormattableString.Invariant($"{partition}@{record.Offset}"),
    };

    private static string Accept(ReadOnlySpan<byte> payload, Domain domain)
    {
        payload = payload.EndsWith("\r\n"u8) ? payload[..^2] : payload.EndsWith("\n"u8) ? payload[..^1] : payload;
        if (payload.Length > LargestPayload)
        {
            throw new InvalidRequestException(FormattableString.Invariant($"the payload has {payload.Length:N0} bytes: a repaired record has at most {LargestPayload:N0}"));
        }

        string text;
        try
        {
            text = s_strict.GetString(payload);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidRequestException("the payload is not UTF-8: give the repaired record as one JSON object in UTF-8", exception);
        }

        // A record of CSV or Parquet is in Bronze in its JSON form, and so is a repaired one.
        return new RecordParser(domain.Schema).Parse(payload) is { } reason
            ? throw new InvalidRequestException($"the payload would be quarantined again: {reason}; repair it first (lakelab schema {domain.Name} tells what is accepted)")
            : text;
    }

    private async Task RefuseOtherWriterAsync(Domain domain, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, BronzeTable.Of(domain).Prefix);
        if (await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is { } snapshot && WritingEngine.OwnerOf(snapshot) is { } owner and not WritingEngine.Lakelab)
        {
            throw new InvalidRequestException($"{table.Location} is written by engine '{owner}', so nothing can be replayed into it: a table has one writing engine. Send the repaired record through the source that {owner} reads");
        }
    }

    private async Task<QuarantinedRecord> FindAsync(string id, CancellationToken cancellationToken) =>
        await IsThereAsync(cancellationToken).ConfigureAwait(false)
            ? await new QuarantineReader(lake).FindAsync(id, cancellationToken).ConfigureAwait(false)
            : throw new InvalidRequestException($"lake '{lake.Location}' has no quarantine yet, so no record '{id}': run lakelab pipeline run first");

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        await new DeltaTable(lake.Store, QuarantineTable.Name.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is not null;

    private async Task<ILookup<string, RepairedRecord>> FindRepairedAsync(IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        List<ReplayResult> replays = [];
        foreach (Domain domain in SourceModels().Where(model => tables.Contains(model.Table.ToString())).Select(DomainOf).Distinct())
        {
            replays.AddRange(await BronzeIngestion.FindReplaysAsync(lake, domain, cancellationToken).ConfigureAwait(false));
        }

        return replays.ToLookup(replay => replay.Record.Id, replay => new RepairedRecord(replay.Record.Source, replay.Batch));
    }

    // A record says by which table it was refused; the table's model may be that of a project which is not here.
    private Model ModelOf(QuarantinedRecord record) => SourceModels().FirstOrDefault(model => model.Table.ToString() == record.Table)
        ?? throw new InvalidRequestException($"{record.Table}, which refused record {record.Id}, has no model here: name the folder of its models with --models");

    private Model FindModel(string table)
    {
        IReadOnlyList<Model> models = SourceModels();
        return models.FirstOrDefault(model => model.Table.ToString() == table)
            ?? throw new InvalidRequestException($"'{table}' is not a table that refuses records: allowed are {string.Join(", ", models.Select(model => model.Table))}{NearestWord.Ask(table, models.Select(model => model.Table.ToString()))}");
    }

    private IReadOnlyList<Model> SourceModels() => [.. catalog.Models.Where(model => model.Sql.Source is not null)];

    private static Domain DomainOf(Model model) => Domain.All.First(domain => BronzeTable.Of(domain) == model.Sql.Source);
}
