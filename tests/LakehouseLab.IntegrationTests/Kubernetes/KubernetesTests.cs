using System.Diagnostics;
using System.Globalization;
using System.Net;
using k8s.Models;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Tests;
using YamlDotNet.Core;

namespace LakehouseLab.IntegrationTests.Kubernetes;

/// <summary>The files of deploy/k8s: what a cluster would take, and what their containers do.</summary>
public sealed class KubernetesTests
{
    private const string Key = "a key of this test alone";

    // What the image sets, and what the secrets hold.
    private static readonly string[] s_secrets = ["lakelab", "lakelab-api"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Files_ReadStrictly_SayWhatTheProgramNeeds()
    {
        KubernetesFiles files = new();
        V1Job job = files.One<V1Job>();
        Assert.Equal(("Indexed", "Never"), (job.Spec.CompletionMode, job.Spec.Template.Spec.RestartPolicy));
        Assert.Equal(job.Spec.Completions, int.Parse(VariableOf(job.Spec.Template.Spec.Containers[0], "SHARDS"), CultureInfo.InvariantCulture));

        V1Deployment service = files.One<V1Deployment>();
        V1Container container = Assert.Single(service.Spec.Template.Spec.Containers);
        Assert.Equal((1, "Recreate"), (service.Spec.Replicas, service.Spec.Strategy.Type));
        Assert.Equal(("/health/live", "/health/ready"), (container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path));
        Assert.Equal(service.Spec.Selector.MatchLabels, files.One<V1Service>().Spec.Selector);
        Assert.Contains(service.Spec.Template.Spec.Volumes, volume => volume.PersistentVolumeClaim?.ClaimName == files.One<V1PersistentVolumeClaim>().Metadata.Name);

        V1CronJob pipeline = files.One<V1CronJob>();
        Assert.Equal("Forbid", pipeline.Spec.ConcurrencyPolicy);
    }

    [Fact]
    public void Files_AllContainers_RunWithoutPrivilegesAndTakeSecretsByReference()
    {
        KubernetesFiles files = new();
        V1ConfigMap settings = files.One<V1ConfigMap>();
        Assert.DoesNotContain(files.Objects, static one => one is V1Secret);
        Assert.DoesNotContain(settings.Data.Keys, static name => name.Contains("SECRET", StringComparison.Ordinal) || name.Contains("ACCESS_KEY", StringComparison.Ordinal));
        Assert.All(files.Pods, pod =>
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot is true && pod.AutomountServiceAccountToken is false);
            Assert.All(pod.Containers.Concat(pod.InitContainers ?? []), container =>
            {
                Assert.True(container.SecurityContext is { AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true } && container.SecurityContext.Capabilities.Drop.Contains("ALL"));
                Assert.True(container.Resources.Limits.ContainsKey("memory") && container.Resources.Requests.ContainsKey("cpu"));
                Assert.All(container.EnvFrom, source => Assert.True(source.ConfigMapRef?.Name == settings.Metadata.Name || s_secrets.Contains(source.SecretRef?.Name)));
                Assert.All(container.Env?.Where(variable => variable.ValueFrom is not null) ?? [], variable => Assert.Contains(variable.ValueFrom.SecretKeyRef.Name, s_secrets));
                Assert.All(container.VolumeMounts, mount => Assert.Contains(pod.Volumes, volume => volume.Name == mount.Name));
            });
        });
    }

    [Fact]
    public void Read_FieldThatThereIsNot_IsRefused() =>
        Assert.ThrowsAny<YamlException>(() => KubernetesFiles.Read("apiVersion: batch/v1\nkind: CronJob\nspec:\n  concurencyPolicy: Forbid\n"));

    [Fact]
    public async Task Containers_AsProcesses_MakeServeAndProveALake()
    {
        using TemporaryFolder folder = new();
        KubernetesFiles files = new();
        V1ConfigMap settings = files.One<V1ConfigMap>();
        Dictionary<string, string> others = new()
        {
            ["LAKELAB_LAKE"] = folder.Combine("lake"),
            ["LAKELAB_CACHE_FOLDER"] = folder.Combine("cache"),
            ["LAKELAB_STATE"] = folder.Combine("state"),
            ["LAKELAB_HOST"] = "0.0.0.0",
            ["LAKELAB_LOG"] = "json",
            ["LAKELAB_PORT"] = "0",
            ["LAKELAB_API_KEY"] = Key,
            ["KAFKA_BOOTSTRAP_SERVERS"] = "",
            ["S3_ENDPOINT"] = "",
            ["ROWS"] = "1k",
            ["SHARDS"] = "3",
        };

        V1Container shard = Assert.Single(files.One<V1Job>().Spec.Template.Spec.Containers);
        (int Code, string Words)[] shards = await Task.WhenAll(Enumerable.Range(0, 3).Select(index => ContainerProcess.RunAsync(
            shard, settings, new Dictionary<string, string>(others) { ["JOB_COMPLETION_INDEX"] = index.ToString(CultureInfo.InvariantCulture) })));
        Assert.All(shards, end => Assert.True(end.Code == 0, end.Words));
        IReadOnlyList<Manifest> manifests = await new ManifestStore((await Lake.OpenAsync(folder.Combine("lake"), Token)).Store).ListAsync(Token);
        Assert.Equal([(0, 333), (333, 666), (666, 1_000)], manifests.Select(manifest => (manifest.FirstRow, manifest.EndRow)));

        await AssertServesAsync(Assert.Single(files.One<V1Deployment>().Spec.Template.Spec.Containers), settings, others);

        V1PodSpec pipeline = files.One<V1CronJob>().Spec.JobTemplate.Spec.Template.Spec;
        foreach (V1Container container in pipeline.InitContainers.Concat(pipeline.Containers))
        {
            (int code, string words) = await ContainerProcess.RunAsync(container, settings, others);
            Assert.True(code == 0, $"{container.Name}: {words}");
        }
    }

    // The kubelet asks by the pod's address and without a key.
    private static async Task AssertServesAsync(V1Container container, V1ConfigMap settings, IReadOnlyDictionary<string, string> others)
    {
        using Process process = ContainerProcess.Start(container, settings, others);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(Token);
            string? line;
            do
            {
                line = await process.StandardError.ReadLineAsync(Token);
                Assert.NotNull(line);
            }
            while (!line.Contains("lakelab serves", StringComparison.Ordinal));
            Task<string> words = process.StandardError.ReadToEndAsync(Token);
            int start = line.IndexOf("http://", StringComparison.Ordinal);
            Uri address = new(line[start..line.IndexOf(": ", start, StringComparison.Ordinal)].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
            using HttpClient kubelet = new() { BaseAddress = address };
            kubelet.DefaultRequestHeaders.Host = $"10.1.2.3:{address.Port}";
            foreach (V1Probe probe in (V1Probe[])[container.StartupProbe, container.LivenessProbe, container.ReadinessProbe])
            {
                using HttpResponseMessage answer = await kubelet.GetAsync(new Uri(probe.HttpGet.Path, UriKind.Relative), Token);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
            }

            using HttpResponseMessage refused = await kubelet.GetAsync(new Uri("/emulator/", UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(Token);
        }
    }

    private static string VariableOf(V1Container container, string name) => container.Env.Single(variable => variable.Name == name).Value;
}
