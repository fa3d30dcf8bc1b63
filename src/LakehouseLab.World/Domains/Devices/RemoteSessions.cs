using LakehouseLab.World.Batches;
using LakehouseLab.World.Fraud;
using LakehouseLab.World.Parts;
using LakehouseLab.World.Purchases;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Domains.Devices;

/// <summary>
/// The sessions in which remote purchases are made: those of one person, by the same hands, within the same interval share one, which begins
/// some time before the first and ends after the last. Not thread-safe.
/// </summary>
/// <remarks>Intervals are bounded, so which purchases share a session is known from those of <see cref="DeviceFigures.SharedSessionMs"/> about them. Blocks of
/// purchases are planned once when they are asked for in order, and kept while they matter.</remarks>
/// <param name="parts">The world.</param>
/// <param name="purchases">Plans the purchases; nobody else uses it.</param>
internal sealed class RemoteSessions(WorldParts parts, PurchasePlan purchases)
{
    private static readonly QuantileTable Leads = QuantileTable.Of(u => Math.Min(
        DeviceFigures.LongestLeadMs, DeviceFigures.LeadMedianMs * WorldMath.Exp(DeviceFigures.LeadSigma * NormalDistribution.Quantile(u))));

    private readonly Timeline _timeline = parts.Timeline;
    private readonly long _startMs = parts.Settings.Start.ToUnixTimeMilliseconds();
    private readonly ulong _key = Draw.Key(unchecked((ulong)parts.Settings.Seed), Purpose.RemoteSession, 0);
    private readonly Dictionary<ulong, RemoteSession> _byIdentity = [];
    private readonly Queue<(long Block, List<RemoteSession> Sessions)> _blocks = new();
    private long _endBlock = -1;

    /// <summary>Collects the sessions that begin in a half-open interval, in order of their first purchase.</summary>
    /// <exception cref="WorldEndException">A purchase that belongs to them would be after the year 9999.</exception>
    public void Collect(long fromMs, long toMs, List<RemoteSession> sessions)
    {
        Plan(
            Math.Max(0, _timeline.BlockOf(fromMs - DeviceFigures.SharedSessionMs)),
            _timeline.BlockOf(toMs + DeviceFigures.LongestLeadMs + DeviceFigures.SharedSessionMs) + 1);
        sessions.Clear();
        foreach ((_, List<RemoteSession> begun) in _blocks)
        {
            foreach (RemoteSession session in begun)
            {
                if (session.LoginMs >= fromMs && session.LoginMs < toMs)
                {
                    sessions.Add(session);
                }
            }
        }
    }

    private void Plan(long first, long end)
    {
        if (_blocks.Count == 0 || first < _blocks.Peek().Block || first > _endBlock)
        {
            _blocks.Clear();
            _byIdentity.Clear();
            _endBlock = first;
        }

        while (_blocks.Count > 0 && _blocks.Peek().Block < first)
        {
            _blocks.Dequeue().Sessions.ForEach(session => _byIdentity.Remove(session.Key));
        }

        for (; _endBlock < end; _endBlock++)
        {
            _blocks.Enqueue((_endBlock, Add(_endBlock)));
        }
    }

    private List<RemoteSession> Add(long block)
    {
        List<RemoteSession> begun = [];
        purchases.Fill(block);
        foreach (ref readonly PlannedPurchase purchase in purchases.Rows.AsSpan())
        {
            if (purchase.IsRemote)
            {
                EpisodeRow? story = purchase.Episode < 0 ? null : purchases.EpisodeOf(purchase);
                Add(purchase, story is { Crook: >= 0 } ? story : null, begun);
            }
        }

        return begun;
    }

    private void Add(in PlannedPurchase purchase, EpisodeRow? crooked, List<RemoteSession> begun)
    {
        ulong person = Draw.Bits(_key, (ulong)purchase.Person);
        long interval = (purchase.Milliseconds + (long)Draw.Below(person, DeviceFigures.SharedSessionMs)) / DeviceFigures.SharedSessionMs;
        ulong identity = Draw.Bits(Draw.Bits(person, (ulong)interval), (ulong)(crooked?.Episode ?? 0));
        if (_byIdentity.TryGetValue(identity, out RemoteSession? session))
        {
            session.LastPurchaseMs = purchase.Milliseconds;
            return;
        }

        session = new RemoteSession
        {
            Key = identity,
            Person = purchase.Person,
            LoginMs = Math.Max(_startMs, purchase.Milliseconds - (long)Leads.At(Draw.Bits(identity, 0))),
            LastPurchaseMs = purchase.Milliseconds,
            Crook = crooked?.Crook ?? -1,
            Rule = crooked?.Rule ?? FraudRule.None,
            Episode = crooked?.Episode ?? 0,
        };
        _byIdentity.Add(identity, session);
        begun.Add(session);
    }
}

/// <summary>A session with remote purchases.</summary>
internal sealed class RemoteSession
{
    /// <summary>Key of its draws; no other session has it.</summary>
    public required ulong Key { get; init; }

    /// <summary>Whose account is used.</summary>
    public required long Person { get; init; }

    /// <summary>When it begins.</summary>
    public required long LoginMs { get; init; }

    /// <summary>When its last purchase is made.</summary>
    public required long LastPurchaseMs { get; set; }

    /// <summary>City of the crook whose session it is, or -1.</summary>
    public required int Crook { get; init; }

    /// <summary>The rule by which the crook's purchases are fraudulent, or none.</summary>
    public required FraudRule Rule { get; init; }

    /// <summary>The crook's episode, or 0.</summary>
    public required long Episode { get; init; }
}
