using System.Text;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Tests.Emulation.Kafka;

public sealed class PatientTopicLogTests
{
    private const string Topic = "t";

    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    private readonly VirtualClock _clock = new();
    private readonly MemoryTopicLog _log = new();
    private readonly List<string> _told = [];

    [Fact]
    public async Task FindAsync_ClusterComesBack_AnswersAndTellsOnce()
    {
        _log.Create(Topic, 1);
        OutageLog log = new(_log, failures: 5);
        Assert.NotNull(await Patient(log).FindAsync(Topic, s_token));
        Assert.Equal("no broker answers", Assert.Single(_told));
    }

    [Fact]
    public async Task FindAsync_ClusterStaysAway_FailsWhenItsPatienceIsOverAndAtOnceFromThenOn()
    {
        OutageLog log = new(_log, failures: int.MaxValue);
        PatientTopicLog patient = Patient(log);
        long began = _clock.GetTimestamp();
        await Assert.ThrowsAsync<BrokerException>(() => patient.FindAsync(Topic, s_token));
        Assert.Equal(PatientTopicLog.OfCommands, _clock.GetElapsedTime(began));
        await Assert.ThrowsAsync<BrokerException>(() => patient.FindPositionAsync(Topic, Guid.Empty, s_token));
        Assert.Equal(PatientTopicLog.OfCommands, _clock.GetElapsedTime(began));
    }

    [Fact]
    public async Task FindAsync_WithoutLimit_WaitsUntilCancelled()
    {
        using CancellationTokenSource cancel = new();
        OutageLog log = new(_log, failures: int.MaxValue) { OnFailure = failure => { if (failure == 1_000) { cancel.Cancel(); } } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new PatientTopicLog(log, null, _clock, _told.Add).FindAsync(Topic, cancel.Token));
    }

    [Fact]
    public async Task FindAsync_FailureThatWaitingCannotMend_FailsAtOnce()
    {
        OutageLog log = new(_log, failures: 1) { IsUnavailable = false };
        await Assert.ThrowsAsync<BrokerException>(() => Patient(log).FindAsync(Topic, s_token));
        Assert.Empty(_told);
    }

    [Fact]
    public void TryRead_OutagesBetweenMessages_ReadsEachOnceInOrder()
    {
        _log.Create(Topic, 2);
        for (int i = 0; i < 40; i++)
        {
            _log.Append(Topic, i % 2, $"{i}");
        }

        // Marks of transactions, behind which nothing comes.
        _log.Skip(Topic, 1, 3);
        OutageLog log = new(_log, failures: 0) { MessagesBetweenOutages = 7 };
        List<string> read = [];
        using ITopicReader reader = Patient(log).Open(Topic, [new OffsetSpan(0, 0, 20), new OffsetSpan(1, 0, 23)]);
        while (reader.TryRead(out TopicMessage message, s_token))
        {
            read.Add($"{message.Partition}@{message.Offset}={Encoding.UTF8.GetString(message.Value!)}");
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i % 2}@{i / 2}={i}").Order(), read.Order());
        Assert.Equal(read.Where(one => one.StartsWith('1')).OrderBy(one => int.Parse(one.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture)), read.Where(one => one.StartsWith('1')));
        Assert.True(_told.Count >= 5);
    }

    private PatientTopicLog Patient(ITopicLog log) => new(log, PatientTopicLog.OfCommands, _clock, _told.Add);

    /// <summary>A cluster that fails some times, and again after each few messages.</summary>
    private sealed class OutageLog(ITopicLog log, int failures) : ITopicLog
    {
        private int _failed;

        public bool IsUnavailable { get; init; } = true;

        public Action<int> OnFailure { get; init; } = static _ => { };

        public int MessagesBetweenOutages { get; init; } = int.MaxValue;

        public Task<TopicState?> FindAsync(string topic, CancellationToken cancellationToken) => FailOr(() => log.FindAsync(topic, cancellationToken));

        public Task<long?> FindPositionAsync(string topic, Guid emulation, CancellationToken cancellationToken) =>
            FailOr(() => log.FindPositionAsync(topic, emulation, cancellationToken));

        public Task WaitAsync(IReadOnlyCollection<TopicState> topics, TimeSpan patience, CancellationToken cancellationToken) => Task.CompletedTask;

        public ITopicReader Open(string topic, IReadOnlyList<OffsetSpan> spans) => new Reader(log.Open(topic, spans), MessagesBetweenOutages);

        private Task<T> FailOr<T>(Func<Task<T>> call)
        {
            if (_failed >= failures)
            {
                return call();
            }

            OnFailure(++_failed);
            return Task.FromException<T>(new BrokerException("no broker answers", IsUnavailable));
        }

        private sealed class Reader(ITopicReader reader, int messages) : ITopicReader
        {
            private int _left = messages;

            public bool TryRead(out TopicMessage message, CancellationToken cancellationToken) =>
                _left-- > 0 ? reader.TryRead(out message, cancellationToken) : throw new BrokerException("no broker answers", isUnavailable: true);

            public void Dispose() => reader.Dispose();
        }
    }
}
