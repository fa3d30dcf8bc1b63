using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Topic;

/// <summary>Which delivered row each message of a topic is. Not thread-safe.</summary>
internal sealed class TopicSource
{
    /// <summary>The row of a message that is none of the domain's.</summary>
    public const long None = -1;

    /// <summary>The row of a message that is not looked at.</summary>
    public const long Ignored = -2;

    /// <summary>The row of a message whose header names an emulation of another lake or domain.</summary>
    public const long Foreign = -3;

    private readonly DomainRanges _ranges;
    private readonly RecordRows _rows;
    private readonly Dictionary<Guid, Manifest> _emulations;

    // How far emulations are that have gone on since the ranges were read.
    private readonly Dictionary<Guid, long> _positions = [];

    /// <summary>Prepares for a topic.</summary>
    /// <param name="ranges">The domain's ranges.</param>
    /// <param name="factory">Finds rows by keys.</param>
    public TopicSource(DomainRanges ranges, IDataFactory factory)
    {
        _ranges = ranges;
        _rows = new RecordRows(factory);
        _emulations = ranges.Ranges.Select(range => range.Manifest).DistinctBy(manifest => manifest.Id).ToDictionary(manifest => manifest.Id);
    }

    /// <summary>Messages behind the positions of emulations that have not ended: the next run of each writes them again.</summary>
    public long Pending { get; private set; }

    /// <summary>Learns the position of an emulation that has not ended, read after the state of the topic: what it delivered since the ranges were read is not looked at.</summary>
    /// <param name="emulation">The emulation.</param>
    /// <param name="nextRow">The row that it delivers next.</param>
    public void Advance(Guid emulation, long nextRow) => _positions[emulation] = nextRow;

    /// <summary>The audited row that a message is, <see cref="None"/>, <see cref="Ignored"/> or <see cref="Foreign"/>.</summary>
    /// <param name="message">The message: its header tells the row, or else its record does.</param>
    public long RowOf(in TopicMessage message)
    {
        if (message.Header is not { } header)
        {
            long row = message.Value is { } value ? _rows.Find(value) : None;
            return row < 0 ? None : IfAudited(row, null);
        }

        if (!_emulations.TryGetValue(header.Emulation, out Manifest? manifest))
        {
            return Foreign;
        }

        if (_ranges.Find(header.Row) < 0 && IsLater(manifest, header.Row))
        {
            return Ignored;
        }

        if (_ranges.Find(header.Row) < 0 && IsPending(manifest, header.Row))
        {
            Pending++;
            return Ignored;
        }

        return IfAudited(header.Row, manifest.Id);
    }

    private bool IsLater(Manifest manifest, long row) =>
        row < _positions.GetValueOrDefault(manifest.Id) && _ranges.Ranges.All(range => range.Manifest.Id != manifest.Id || row >= range.EndRow);

    private static bool IsPending(Manifest manifest, long row) =>
        !manifest.IsEnded && manifest.Delivery == DeliveryGuarantee.AtLeastOnce && manifest.Ranges.Any(range => row >= range.FirstRow && row < range.EndRow);

    private long IfAudited(long row, Guid? emulation)
    {
        int range = _ranges.Find(row);
        return range < 0 || (emulation is not null && _ranges.Ranges[range].Manifest.Id != emulation) ? None
            : _ranges.Ranges[range].IsAudited ? row
            : emulation is not null ? Ignored
            : None;
    }
}
