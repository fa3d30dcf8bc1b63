using LakehouseLab.Audit.Ingestion;

namespace LakehouseLab.Audit.Silver;

/// <summary>
/// Which repaired records a Silver table has taken. Written to while the table is read for the first time, and only read later.
/// </summary>
/// <param name="ingested">Which batches of Bronze appended what.</param>
internal sealed class ReplayedRows(IngestedBatches ingested)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Whether rows came from repaired records.</summary>
    public bool Any => _taken.Count > 0;

    /// <summary>Whether a row is none of the lake's own, and from no repaired record.</summary>
    public bool HasStrangers { get; private set; }

    /// <summary>The repaired record of a source; null when no batch appended one.</summary>
    public Replay? Find(string? source) => source is null ? null : ingested.Replays.GetValueOrDefault(source);

    /// <summary>The repaired records.</summary>
    public IEnumerable<Replay> All => ingested.Replays.Values;

    /// <summary>Notes a row.</summary>
    /// <param name="source">The repaired record that it says it comes from; null for another source.</param>
    /// <param name="isOwn">Whether it is a row that the lake's emulations delivered.</param>
    public void Note(string? source, bool isOwn)
    {
        if (source is not null)
        {
            _taken.Add(source);
        }

        HasStrangers |= !isOwn && Find(source) is null;
    }

    /// <summary>Writes what was noted.</summary>
    public void Save(BinaryWriter state)
    {
        state.Write(_taken.Count);
        _taken.ToList().ForEach(state.Write);
        state.Write(HasStrangers);
    }

    /// <summary>Adds what was written elsewhere.</summary>
    public void Load(BinaryReader state)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            _taken.Add(state.ReadString());
        }

        HasStrangers |= state.ReadBoolean();
    }

    /// <summary>Whether a repaired record is there.</summary>
    public bool Has(Replay replay) => _taken.Contains(replay.Source);
}
