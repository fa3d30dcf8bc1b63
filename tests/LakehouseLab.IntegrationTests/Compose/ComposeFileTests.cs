using LakehouseLab.Tests.Pages;
using YamlDotNet.Core;

namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>deploy/compose.yaml as far as it can be judged without a container engine.</summary>
public sealed class ComposeFileTests
{
    private const string All = "all";

    private readonly ComposeFile _file = ComposeFile.Load();

    [Theory]
    [InlineData("services:\n  kafka:\n    imagge: apache/kafka:4.1.1\n")]
    [InlineData("services:\n  kafka:\n    healthcheck:\n      test: [CMD, true]\n      start_perod: 3s\n")]
    public void Read_FieldThatThereIsNot_IsRefused(string yaml) => Assert.ThrowsAny<YamlException>(() => ComposeFile.Read(yaml));

    [Theory]
    [InlineData("${S3_PASSWORD:-lakelab}", "lakelab")]
    [InlineData("$${S3_PASSWORD:-lakelab} of ${NOBODY} and $$KEY", "${S3_PASSWORD:-lakelab} of  and $KEY")]
    public void Interpolate_Text_IsAsComposeHandsItOn(string text, string expected) => Assert.Equal(expected, ComposeFile.Interpolate(text));

    [Fact]
    public void Images_AllOfThem_ArePinnedAndNamedInTheDocumentation()
    {
        string page = File.ReadAllText(Path.Combine(Page.Repository, "docs", "containers.md"));
        string[] pulled = [.. _file.Services.Values.Where(static service => service.Image is not null).Select(static service => ComposeFile.Interpolate(service.Image!)), .. BuiltFrom()];
        Assert.All(pulled, image =>
        {
            string[] parts = image.Split(':');
            Assert.True(parts is [_, var tag] && tag.Any(char.IsAsciiDigit), $"{image} has no tag of a version");
            Assert.Contains($"`{parts[0]}`", page, StringComparison.Ordinal);
        });
        Assert.All(_file.Services, static service => Assert.True(service.Value.Image is null != service.Value.Build is null, $"{service.Key} has an image or is built, one of both"));
    }

    [Fact]
    public void Services_AllOfThem_HaveAHealthcheckOrEnd()
    {
        IReadOnlySet<string> jobs = _file.Jobs;
        Assert.Equal(["airflow-init", "buckets"], jobs.Order(StringComparer.Ordinal));
        Assert.All(_file.Services, service =>
        {
            Assert.True(jobs.Contains(service.Key) == service.Value.Healthcheck is null, $"{service.Key} ends, or stays and has a healthcheck, one of both");
            Assert.True(service.Value.Healthcheck is null or { Test: ["CMD", _, ..], Retries: > 0, Interval: not null, Timeout: not null }, service.Key);
        });
    }

    [Fact]
    public void Dependencies_AllOfThem_AreWaitedForAndOfTheSameProfiles() => Assert.All(
        _file.Services.SelectMany(static service => service.Value.DependsOn, static (service, on) => (service.Key, Service: service.Value, On: on)),
        one =>
        {
            Assert.Equal(_file.Jobs.Contains(one.On.Key) ? ComposeDependency.Ended : ComposeDependency.Healthy, one.On.Value.Condition);
            List<string> profiles = _file.Services[one.On.Key].Profiles;
            Assert.True(profiles.Count == 0 || (one.Service.Profiles.Count > 0 && one.Service.Profiles.All(profiles.Contains)), $"{one.Key} starts without {one.On.Key}");
        });

    // "up --wait" calls it a failure that a container has ended, unless one that stays has waited for its end.
    [Fact]
    public void Jobs_AllOfThem_AreWaitedForByAServiceThatStays() => Assert.All(_file.Jobs, job =>
        Assert.Contains(_file.Services, service =>
            !_file.Jobs.Contains(service.Key) && service.Value.DependsOn.ContainsKey(job) && (service.Value.Profiles.Count == 0 || service.Value.Profiles.SequenceEqual(_file.Services[job].Profiles))));

    [Fact]
    public void Profiles_AllOfThem_AreInTheProfileAll()
    {
        Assert.All(_file.Services, static service => Assert.True(service.Value.Profiles is [] or [_, All], service.Key));
        Assert.Equal(["airflow", "observability", "spark"], _file.Services.Values.SelectMany(static service => service.Profiles).Distinct().Where(static profile => profile != All).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ports_AllOfThem_AreOfThisMachineAloneAndDifferent()
    {
        string[] ports = [.. _file.Services.Values.SelectMany(static service => service.Ports)];
        Assert.All(ports, static port => Assert.Matches(@"^127\.0\.0\.1:(\d+):\1$", port));
        Assert.Equal(ports, ports.Distinct());
    }

    [Fact]
    public void Volumes_AllOfThem_AreDeclaredOrFilesOfTheRepository()
    {
        string[] mounted = [.. _file.Services.Values.SelectMany(static service => service.Volumes).Select(static volume => ComposeFile.Interpolate(volume).Split(':')[0]).Distinct()];
        Assert.Equal(_file.Volumes.Keys.Order(StringComparer.Ordinal), mounted.Where(static source => !source.StartsWith('.')).Order(StringComparer.Ordinal));
        Assert.All(mounted.Where(static source => source.StartsWith('.')), static source => Assert.True(Path.Exists(Path.Combine(Page.Repository, "deploy", source)), source));
    }

    // Parts of Airflow that are of different versions, or do not know each other's secret, do not work together.
    [Fact]
    public void Airflow_AllItsParts_AreOfOneImageWithOneEnvironment()
    {
        ComposeService[] parts = [.. _file.Services.Where(static service => service.Value.Build?.Dockerfile == "deploy/airflow.Dockerfile").Select(static service => service.Value)];
        Assert.Equal(5, parts.Length);
        Dictionary<string, string?> variables = parts[^1].Environment;
        Assert.All(parts, part =>
        {
            Assert.All(variables, variable => Assert.Equal(variable.Value, part.Environment[variable.Key]));
            Assert.Equal(parts[^1].Volumes, part.Volumes);
            Assert.Equal(parts[^1].Build!.Args, part.Build!.Args);
        });
    }

    // The images that Dockerfiles begin with.
    private IEnumerable<string> BuiltFrom()
    {
        foreach (ComposeBuild build in _file.Services.Values.Select(static service => service.Build).OfType<ComposeBuild>().DistinctBy(static build => build.Dockerfile))
        {
            foreach (string line in File.ReadAllLines(Path.Combine(Page.Repository, build.Dockerfile)).Where(static line => line.StartsWith("FROM ", StringComparison.Ordinal)))
            {
                string image = line.Split(' ')[1];
                yield return image == "${AIRFLOW_IMAGE}" ? ComposeFile.Interpolate(build.Args["AIRFLOW_IMAGE"]) : image;
            }
        }
    }
}
