using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline;

/// <summary>
/// The use case "stream": micro-batches, each an ordinary incremental run from Bronze to Gold, as long as records come. It
/// keeps nothing of its own: whatever ends it, the next stream or run goes on from what is in the tables.
/// </summary>
public sealed class PipelineStream
{
    // A topic or a partition that is new is found so late at most.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly Lake _lake;
    private readonly StreamRequest _request;
    private readonly TimeProvider _clock;
    private readonly Action<StreamEvent> _tell;
    private readonly IReadOnlyList<DomainSchema> _domains;
    private readonly Dictionary<string, DateTimeOffset> _eventTimes = [];
    private bool _isWaiting;
    private int _outages;

    private PipelineStream(Lake lake, StreamRequest request, TimeProvider clock, Action<StreamEvent> tell)
    {
        _lake = lake;
        _request = request with { Run = request.Run with { IsOneBatch = true } };
        _clock = clock;
        _tell = tell;
        _domains = [.. PipelineRun.SourcesOf(ModelCatalog.LoadBuiltIn().Select(request.Run.Select))];
    }

    /// <summary>Runs a stream over a lake whose tables the caller has locked.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="request">What it does.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="tell">Is told what happens.</param>
    /// <param name="cancellationToken">Stops it: a micro-batch that is under way is given up, and run again by whoever goes on.</param>
    /// <returns>The report of the micro-batch that ended the stream since Bronze failed twice, or with whose models left behind it caught up;
    /// null when it caught up and nothing failed.</returns>
    /// <exception cref="BrokerException">Records that are not in the tables are lost; the message names them and the remedy.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Task<PipelineReport?> RunAsync(Lake lake, StreamRequest request, TimeProvider clock, Action<StreamEvent> tell, CancellationToken cancellationToken) =>
        new PipelineStream(lake, request, clock, tell).RunAsync(cancellationToken);

    private async Task<PipelineReport?> RunAsync(CancellationToken cancellationToken)
    {
        // The first one also does what an earlier run has left undone above Bronze.
        bool isDue = true;
        int? failedAt = null;
        PipelineReport? failed = null;
        while (true)
        {
            IReadOnlyList<(DomainSchema Domain, BronzeBacklog Backlog)> backlogs = await LookAsync(cancellationToken).ConfigureAwait(false);
            bool isNew = backlogs.Any(pair => pair.Backlog is { Objects: > 0 } or { Offsets: > 0 });
            if (!isNew && !isDue)
            {
                if (_request.EndsWhenCaughtUp)
                {
                    return failed;
                }

                await WaitAsync(backlogs, cancellationToken).ConfigureAwait(false);
                continue;
            }

            long began = _clock.GetTimestamp();
            PipelineReport report = await PipelineRun.RunAsync(_lake, _request.Run, _clock, null, cancellationToken).ConfigureAwait(false);
            failed = report.Failures.Count > 0 ? report : null;
            isDue = failed is not null && failedAt != _outages;
            if (failed is not null && !isDue && report.Bronze.Any(bronze => bronze.Failure is not null))
            {
                // It failed twice though the cluster was there: the same again would fail for ever. A model's failure is its table's
                // alone: it is tried again with the next records, and the others go on.
                return report;
            }

            failedAt = failed is null ? null : _outages;
            IReadOnlyList<StreamLag> lags = await FinishAsync(report, cancellationToken).ConfigureAwait(false);
            TimeSpan rest = _request.Interval - _clock.GetElapsedTime(began);
            if (rest > TimeSpan.Zero && !_request.EndsWhenCaughtUp && lags.All(lag => lag.Records < _request.Run.BatchOffsets))
            {
                await Task.Delay(rest, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<StreamLag>> FinishAsync(PipelineReport report, CancellationToken cancellationToken)
    {
        foreach (BronzeOutcome bronze in report.Bronze.Where(bronze => bronze.EventTime is not null))
        {
            _eventTimes[bronze.Table] = bronze.EventTime!.Value;
        }

        DateTimeOffset now = _clock.GetUtcNow();
        IReadOnlyList<StreamLag> lags =
        [
            .. (await LookAsync(cancellationToken).ConfigureAwait(false)).Select(pair =>
            {
                string table = BronzeTable.Of(pair.Domain).ToString();
                DateTimeOffset? reached = _eventTimes.TryGetValue(table, out DateTimeOffset known) ? known : null;
                return new StreamLag(table, pair.Backlog.Offsets + pair.Backlog.Objects, reached, now - reached);
            }),
        ];
        _tell(new StreamEvent.Finished(report, lags));
        return lags;
    }

    // What is new of each domain; waits for a cluster that is away.
    private async Task<IReadOnlyList<(DomainSchema Domain, BronzeBacklog Backlog)>> LookAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                SourceChoice sources = await SourceChoice.MakeAsync(_lake, _request.Run, cancellationToken).ConfigureAwait(false);
                List<(DomainSchema, BronzeBacklog)> backlogs = [];
                foreach (DomainSchema domain in _domains)
                {
                    backlogs.Add((domain, await BronzeIngestion.CountNewAsync(_lake, domain, sources.Of(domain), cancellationToken).ConfigureAwait(false)));
                }

                Resume();
                return backlogs;
            }
            catch (BrokerException exception) when (exception.IsUnavailable)
            {
                if (!_isWaiting)
                {
                    _isWaiting = true;
                    _outages++;
                    _tell(new StreamEvent.Waiting(exception.Message));
                }

                await Task.Delay(s_retry, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Resume()
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            _tell(new StreamEvent.Resumed());
        }
    }

    // Objects and topics that are not there yet cannot be waited for: they are looked for from time to time.
    private async Task WaitAsync(IReadOnlyList<(DomainSchema Domain, BronzeBacklog Backlog)> backlogs, CancellationToken cancellationToken)
    {
        TopicState[] topics = [.. backlogs.SelectMany(pair => pair.Backlog.Topics)];
        bool looksForObjects = _request.Run.Source is not RecordSource.Kafka;
        TimeSpan patience = looksForObjects ? _request.Interval : s_patience;
        await (topics.Length > 0 && _request.Run.Topics is { } log
            ? log.WaitAsync(topics, patience, cancellationToken)
            : Task.Delay(_request.Interval, _clock, cancellationToken)).ConfigureAwait(false);
    }
}
