using k8s;
using k8s.Models;

namespace LakehouseLab.IntegrationTests.Kubernetes;

/// <summary>The files of deploy/k8s as Kubernetes' own client reads them, which refuses fields that there are not.</summary>
internal sealed class KubernetesFiles
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "k8s");

    private readonly List<object> _objects = [.. Directory.GetFiles(s_folder, "*.yaml").Order(StringComparer.Ordinal).SelectMany(file => Read(File.ReadAllText(file)))];

    /// <summary>All objects.</summary>
    public IReadOnlyList<object> Objects => _objects;

    /// <summary>All pods that they describe.</summary>
    public IEnumerable<V1PodSpec> Pods => [One<V1Job>().Spec.Template.Spec, One<V1Deployment>().Spec.Template.Spec, One<V1CronJob>().Spec.JobTemplate.Spec.Template.Spec];

    /// <summary>The one object of a type.</summary>
    public T One<T>() => Assert.Single(_objects.OfType<T>());

    /// <summary>Reads the objects of a file.</summary>
    public static IReadOnlyList<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);
}
