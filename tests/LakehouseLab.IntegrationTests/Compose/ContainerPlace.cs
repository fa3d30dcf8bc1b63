using System.Diagnostics;

namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>Where a container's commands run as processes, in place of its image and its network.</summary>
/// <param name="Addresses">Texts that name places of the network, such as <c>minio:9000</c>, and what names them on this machine.</param>
/// <param name="Image">Variables of the image, and those that must differ from the container's.</param>
internal sealed record ContainerPlace(IReadOnlyDictionary<string, string> Addresses, IReadOnlyDictionary<string, string> Image)
{
    /// <summary>The program that brings the image's programs along, and in whose arguments the command comes last; none where they are on the path.</summary>
    public ExternalProgram? Program { get; init; }

    /// <summary>The arguments before the command.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How a command of a service starts.</summary>
    public ProcessStartInfo Start(ComposeService service, IEnumerable<string> command)
    {
        Dictionary<string, string> variables = service.Environment.ToDictionary(static variable => variable.Key, variable => Translate(variable.Value ?? ""));
        foreach ((string name, string value) in Image)
        {
            variables[name] = value;
        }

        // Whatever else the program sets, the container's variables come after it.
        string[] line = ["env", .. variables.Select(static variable => $"{variable.Key}={variable.Value}"), .. command.Select(Translate)];
        ProcessStartInfo start = Program is null ? new(line[0], line[1..]) : new(Program.Path, [.. Arguments, .. line]);
        start.WorkingDirectory = AppContext.BaseDirectory;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach ((string name, string value) in Program?.Variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private string Translate(string text) => Addresses.Aggregate(ComposeFile.Interpolate(text), static (so, address) => so.Replace(address.Key, address.Value, StringComparison.Ordinal));
}
