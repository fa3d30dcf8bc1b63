using LakehouseLab.Audit.Topic;

namespace LakehouseLab.Audit.Bronze;

/// <content>What reading has shown, to be put together from several shards.</content>
internal sealed partial class BronzePart
{
    /// <inheritdoc/>
    public override void Save(BinaryWriter state)
    {
        base.Save(state);
        Lineage.Bronze.Save(state);
        Lineage.Silver.Save(state);
        state.Write(Lineage.HasBronze);
        int[] taken = [.. _taken.Index().Where(chunk => chunk.Item).Select(chunk => chunk.Index)];
        state.Write(taken.Length);
        Array.ForEach(taken, state.Write);
        _times.Save(state);
        _repeated.Save(state, _rows);
        _replayed.Save(state);
        foreach (TopicReception reception in _receptions)
        {
            reception.Received.Save(state);
        }
    }

    /// <inheritdoc/>
    public override void Load(BinaryReader state)
    {
        base.Load(state);
        Lineage.Bronze.Load(state);
        Lineage.Silver.Load(state);
        Lineage.HasBronze |= state.ReadBoolean();
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            _taken[state.ReadInt32()] = true;
        }

        _times.Load(state);
        _repeated.Load(state, _rows);
        _replayed.Load(state);
        foreach (TopicReception reception in _receptions)
        {
            reception.Received.Load(state);
        }
    }
}
