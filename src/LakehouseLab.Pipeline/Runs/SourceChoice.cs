using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Finds where the new records of each domain come from, by what a run asks for and what the lake's manifests name.</summary>
internal sealed class SourceChoice
{
    private readonly PipelineRequest _request;
    private readonly IReadOnlyList<Manifest> _manifests;

    private SourceChoice(PipelineRequest request, IReadOnlyList<Manifest> manifests)
    {
        _request = request;
        _manifests = manifests;
    }

    /// <summary>Reads the manifests.</summary>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public static async Task<SourceChoice> MakeAsync(Lake lake, PipelineRequest request, CancellationToken cancellationToken) => new(
        request, request.Source == RecordSource.Raw ? [] : await new ManifestStore(lake.Store).ListAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>The sources of a domain.</summary>
    /// <exception cref="InvalidRequestException">There are topics to read, and no cluster.</exception>
    public BronzeSources Of(Domain domain)
    {
        IReadOnlyList<string> topics = TopicsOf(domain);
        if (topics.Count > 0 && _request.Topics is null)
        {
            throw new InvalidRequestException($"records of {domain.Name} are in topic {topics[0]}, and {KafkaConnection.ServersVariable} is not set: name the Kafka brokers in it, or give --source raw");
        }

        TopicIntake? intake = _request.Topics is null ? null : new TopicIntake(_request.Topics, topics)
        {
            Required = Named(domain).Where(manifest => manifest.DeliveredRows > 0).Select(manifest => TopicOf(manifest, domain)).ToHashSet(),
            AcceptLostOffsets = _request.AcceptLostOffsets,
            BatchOffsets = _request.BatchOffsets,
            IsOneBatch = _request.IsOneBatch,
        };
        return new BronzeSources(_request.Source != RecordSource.Kafka, intake) { Reingest = _request.Reingest };
    }

    /// <summary>The topics of a domain.</summary>
    public IReadOnlyList<string> TopicsOf(Domain domain)
    {
        if (_request.Source == RecordSource.Raw)
        {
            return [];
        }

        string[] named = [.. Named(domain).Select(manifest => TopicOf(manifest, domain)).Distinct().Order(StringComparer.Ordinal)];
        return named.Length > 0 || _request.Source == RecordSource.Named ? named : [domain.Topic];
    }

    private static string TopicOf(Manifest manifest, Domain domain) => manifest.Location ?? domain.Topic;

    private IEnumerable<Manifest> Named(Domain domain) => _manifests.Where(manifest => manifest.Sync == SyncSystem.Kafka && manifest.Domain == domain.Name);
}
