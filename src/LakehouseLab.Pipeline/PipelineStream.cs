using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Spark.Streaming;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline;

/// <summary>
/// The use case "stream": micro-batches, each an ordinary incremental run from Bronze to Gold, as long as records come. It
/// keeps nothing of its own: whatever ends it, the next stream or run goes on from what is in the tables.
/// </summary>
public sealed class PipelineStream : IAsyncDisposable
{
    // A topic or a partition that is new is found so late at most.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly Lake _lake;
    private readonly StreamRequest _request;
    private readonly TimeProvider _clock;
    private readonly Action<StreamEvent> _tell;
    private readonly IReadOnlyList<Domain> _domains;
    private readonly Dictionary<string, DateTimeOffset> _eventTimes = [];
    private readonly SparkStreams? _spark;
    private bool _isWaiting;
    private int _outages;

    private PipelineStream(Lake lake, StreamRequest request, TimeProvider clock, Action<StreamEvent> tell)
    {
        _lake = lake;
        _request = request with { Run = request.Run with { IsOneBatch = true } };
        _clock = clock;
        _tell = tell;
        _domains = [.. PipelineRun.SourcesOf(request.Run.Catalog.Select(request.Run.Select))];
        if (request.Run.Spark is { } spark)
        {
            _request = _request with { Run = _request.Run with { Source = RecordSource.Kafka } };
            _spark = new SparkStreams(lake, spark, _request.Run, clock, WaitFor, Resume);
        }
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
    public static async Task<PipelineReport?> RunAsync(Lake lake, StreamRequest request, TimeProvider clock, Action<StreamEvent> tell, CancellationToken cancellationToken)
    {
        if (request.Run is { Spark: not null, Source: RecordSource.Raw or RecordSource.All })
        {
            throw new InvalidRequestException("a stream of Spark reads topics alone: leave --source out or give --source kafka, or stream without --engine spark");
        }

        PipelineStream stream = new(lake, request, clock, tell);
        await using (stream.ConfigureAwait(false))
        {
            return await stream.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _spark?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<PipelineReport?> RunAsync(CancellationToken cancellationToken)
    {
        // The first one also does what an earlier run has left undone above Bronze, and takes over a table whose checkpoint tells nothing.
        bool isDue = true;
        int? failedAt = null;
        PipelineReport? failed = null;
        IReadOnlyList<(Domain Domain, BronzeBacklog Backlog)> backlogs = _spark is not null && _request.Run.TakesOver ? [] : await LookAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            bool isNew = backlogs.Any(pair => pair.Backlog is { Objects: > 0 } or { Offsets: > 0 } or { Replays: > 0 })
                || (_spark is not null && await _spark.IsAheadAsync(cancellationToken).ConfigureAwait(false));
            if (!isNew && !isDue)
            {
                if (_request.EndsWhenCaughtUp)
                {
                    return failed;
                }

                await WaitAsync(backlogs, cancellationToken).ConfigureAwait(false);
                backlogs = await LookAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            long began = _clock.GetTimestamp();
            PipelineReport report = await RunBatchAsync(cancellationToken).ConfigureAwait(false);
            failed = report.Failures.Count > 0 ? report : null;
            isDue = failed is not null && failedAt != _outages;
            if (failed is not null && !isDue && report.Bronze.Any(bronze => bronze.Failure is not null))
            {
                // It failed twice though the cluster was there: the same again would fail for ever. A model's failure is its table's
                // alone: it is tried again with the next records, and the others go on.
                return report;
            }

            // A query of Spark that is still at work has neither failed nor gone well.
            failedAt = failed is not null ? _outages : _spark is { IsAtWork: true } ? failedAt : null;
            backlogs = await LookAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<StreamLag> lags = Finish(report, backlogs);
            TimeSpan rest = _request.Interval - _clock.GetElapsedTime(began);
            if (rest > TimeSpan.Zero && !_request.EndsWhenCaughtUp && lags.All(lag => lag.Records < _request.Run.BatchOffsets))
            {
                await Task.Delay(rest, _clock, cancellationToken).ConfigureAwait(false);
            }

            if (_request.EndsWhenCaughtUp)
            {
                // What came while the micro-batch was told of is still taken.
                backlogs = await LookAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<PipelineReport> RunBatchAsync(CancellationToken cancellationToken)
    {
        if (_spark is null)
        {
            return await PipelineRun.RunAsync(_lake, _request.Run, _clock, null, cancellationToken).ConfigureAwait(false);
        }

        SourceChoice sources = await SourceChoice.MakeAsync(_lake, _request.Run, cancellationToken).ConfigureAwait(false);
        TimeSpan patience = _request.EndsWhenCaughtUp ? s_patience : _request.Interval;
        SparkRound round = await _spark.BeginAsync(_domains.Select(domain => (domain, sources.Of(domain).Topics)), patience, cancellationToken).ConfigureAwait(false);
        return await PipelineRun.RunAsync(_lake, _request.Run, round.Engine, round.IngestAsync, _clock, null, cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<StreamLag> Finish(PipelineReport report, IReadOnlyList<(Domain Domain, BronzeBacklog Backlog)> backlogs)
    {
        foreach (BronzeOutcome bronze in report.Bronze.Where(bronze => bronze.EventTime is not null))
        {
            _eventTimes[bronze.Table] = bronze.EventTime!.Value;
        }

        DateTimeOffset now = _clock.GetUtcNow();
        IReadOnlyList<StreamLag> lags =
        [
            .. backlogs.Select(pair =>
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
    private async Task<IReadOnlyList<(Domain Domain, BronzeBacklog Backlog)>> LookAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                SourceChoice sources = await SourceChoice.MakeAsync(_lake, _request.Run, cancellationToken).ConfigureAwait(false);
                List<(Domain, BronzeBacklog)> backlogs = [];
                foreach (Domain domain in _domains)
                {
                    backlogs.Add((domain, await BronzeIngestion.CountNewAsync(_lake, domain, sources.Of(domain), cancellationToken).ConfigureAwait(false)));
                }

                Resume();
                return backlogs;
            }
            catch (BrokerException exception) when (exception.IsUnavailable)
            {
                WaitFor(exception.Message);
                await Task.Delay(s_retry, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void WaitFor(string reason)
    {
        if (!_isWaiting)
        {
            _isWaiting = true;
            _outages++;
            _tell(new StreamEvent.Waiting(reason));
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
    private async Task WaitAsync(IReadOnlyList<(Domain Domain, BronzeBacklog Backlog)> backlogs, CancellationToken cancellationToken)
    {
        TopicState[] topics = [.. backlogs.SelectMany(pair => pair.Backlog.Topics)];
        bool looksForObjects = _request.Run.Source is not RecordSource.Kafka;
        TimeSpan patience = looksForObjects ? _request.Interval : s_patience;
        await (topics.Length > 0 && _request.Run.Topics is { } log
            ? log.WaitAsync(topics, patience, cancellationToken)
            : Task.Delay(_request.Interval, _clock, cancellationToken)).ConfigureAwait(false);
    }
}
