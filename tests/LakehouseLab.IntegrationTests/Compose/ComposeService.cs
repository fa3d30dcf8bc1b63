namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>A service of a Compose file, by the fields that this project uses.</summary>
internal sealed class ComposeService
{
    public string? Image { get; set; }

    public ComposeBuild? Build { get; set; }

    public List<string> Profiles { get; set; } = [];

    public Dictionary<string, ComposeDependency> DependsOn { get; set; } = [];

    public Dictionary<string, string?> Environment { get; set; } = [];

    public List<string> Entrypoint { get; set; } = [];

    public List<string> Command { get; set; } = [];

    public List<string> Ports { get; set; } = [];

    public List<string> Volumes { get; set; } = [];

    public Dictionary<string, object?> Networks { get; set; } = [];

    public ComposeHealthcheck? Healthcheck { get; set; }

    public string? User { get; set; }

    public string? StopGracePeriod { get; set; }
}

/// <summary>How a service's image is built.</summary>
internal sealed class ComposeBuild
{
    public string Context { get; set; } = "";

    public string Dockerfile { get; set; } = "";

    public Dictionary<string, string> Args { get; set; } = [];
}

/// <summary>What a service waits for in another.</summary>
internal sealed class ComposeDependency
{
    /// <summary>Until it has ended well.</summary>
    public const string Ended = "service_completed_successfully";

    /// <summary>Until its check passes.</summary>
    public const string Healthy = "service_healthy";

    public string Condition { get; set; } = "";
}

/// <summary>How a service is checked.</summary>
internal sealed class ComposeHealthcheck
{
    public List<string> Test { get; set; } = [];

    public string? Interval { get; set; }

    public string? Timeout { get; set; }

    public string? StartPeriod { get; set; }

    public int Retries { get; set; }
}
