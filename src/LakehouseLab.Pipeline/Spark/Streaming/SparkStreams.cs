using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Spark.Streaming;

/// <summary>The streams of a lake's Bronze tables, in one session that is opened again when the server has restarted. Not thread-safe.</summary>
/// <param name="lake">The lake.</param>
/// <param name="options">The server.</param>
/// <param name="request">What each micro-batch does.</param>
/// <param name="clock">The clock.</param>
/// <param name="wait">Is told what is waited for.</param>
/// <param name="resume">Is told that the server is there.</param>
internal sealed class SparkStreams(Lake lake, SparkOptions options, PipelineRequest request, TimeProvider clock, Action<string> wait, Action resume) : IAsyncDisposable
{
    // A restart of the server was seen to take half a minute, and to leave no free task slots for as long again.
    private static readonly TimeSpan s_outage = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Domain, BronzeStream> _streams = [];
    private SparkEngine? _engine;
    private bool _wasOpen;

    /// <summary>Whether some query goes on.</summary>
    public bool IsAtWork => _streams.Values.Any(static stream => stream.IsAtWork);

    /// <summary>Begins a micro-batch: all Bronze tables are ingested into at once.</summary>
    /// <param name="sources">The domains, each with its topics.</param>
    /// <param name="patience">How long it waits for them at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ModelException">The server cannot be reached, or cannot do what is needed.</exception>
    public async Task<SparkRound> BeginAsync(IEnumerable<(Domain Domain, TopicIntake? Topics)> sources, TimeSpan patience, CancellationToken cancellationToken)
    {
        (Domain Domain, TopicIntake? Topics)[] all = [.. sources];
        long? since = null;
        while (true)
        {
            try
            {
                SparkEngine engine = await OpenAsync(cancellationToken).ConfigureAwait(false);
                Dictionary<Domain, BronzeOutcome> outcomes = [];
                Task<BronzeOutcome>[] running = [.. all.Select(source => StreamOf(source.Domain).RunAsync(engine, source.Topics!, patience, cancellationToken))];
                await Task.WhenAll(running).ConfigureAwait(false);
                for (int index = 0; index < all.Length; index++)
                {
                    outcomes.Add(all[index].Domain, await running[index].ConfigureAwait(false));
                }

                resume();
                return new SparkRound(engine, outcomes);
            }
            catch (ModelException exception) when (_wasOpen && StreamFailure.IsAway(exception) && clock.GetElapsedTime(since ??= clock.GetTimestamp()) < s_outage)
            {
                // What the queries have committed is in the table, and they begin anew from their checkpoints.
                wait(exception.Message);
                await CloseAsync().ConfigureAwait(false);
                await Task.Delay(s_pause, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether more came into some Bronze table since the last micro-batch was told of.</summary>
    public async Task<bool> IsAheadAsync(CancellationToken cancellationToken)
    {
        foreach (BronzeStream stream in _streams.Values)
        {
            if (await stream.IsAheadAsync(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private BronzeStream StreamOf(Domain domain)
    {
        if (!_streams.TryGetValue(domain, out BronzeStream? stream))
        {
            SparkKafka kafka = options.Kafka ?? throw new InvalidRequestException("a stream of Spark needs a Kafka cluster");
            stream = new BronzeStream(lake, domain, kafka, request.TakesOver, clock, wait);
            _streams.Add(domain, stream);
        }

        return stream;
    }

    private async Task<SparkEngine> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_engine is not null)
            {
                await _engine.Statements.Session.PingAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SparkException exception)
        {
            throw SparkFailure.Of(exception);
        }

        _engine ??= await SparkEngine.OpenAsync(lake, options, request.Threads, clock, cancellationToken).ConfigureAwait(false);
        _wasOpen = true;
        return _engine;
    }

    private async ValueTask CloseAsync()
    {
        _streams.Values.ToList().ForEach(static stream => stream.Forget());
        if (_engine is not null)
        {
            await _engine.DisposeAsync().ConfigureAwait(false);
            _engine = null;
        }
    }
}

/// <summary>A micro-batch whose records are in Bronze.</summary>
/// <param name="Engine">Runs the models.</param>
/// <param name="Ingested">What came into each domain's table.</param>
internal sealed record SparkRound(SparkEngine Engine, IReadOnlyDictionary<Domain, BronzeOutcome> Ingested)
{
    /// <summary>What came into a domain's table.</summary>
    public Task<BronzeOutcome> IngestAsync(Domain domain) => Task.FromResult(Ingested[domain]);
}
