using System.Diagnostics;
using System.Text.RegularExpressions;
using k8s.Models;

namespace LakehouseLab.IntegrationTests.Kubernetes;

/// <summary>A container's command as a process: command, arguments and variables as Kubernetes puts them together, in the image's working folder.</summary>
internal static partial class ContainerProcess
{
    // ENTRYPOINT of deploy/Dockerfile.
    private static readonly string[] s_entrypoint = ["dotnet", "lakelab.dll"];

    /// <summary>Starts it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="settings">The ConfigMap that it takes variables from.</param>
    /// <param name="others">Variables in place of those of the files, of the image, of secrets and of Kubernetes itself.</param>
    public static Process Start(V1Container container, V1ConfigMap settings, IReadOnlyDictionary<string, string> others)
    {
        Dictionary<string, string> variables = new(settings.Data);
        foreach (V1EnvVar variable in container.Env?.Where(variable => variable.Value is not null) ?? [])
        {
            variables[variable.Name] = Expand(variable.Value, variables);
        }

        foreach ((string name, string value) in others)
        {
            variables[name] = value;
        }

        string[] line = [.. container.Command ?? s_entrypoint, .. (container.Args ?? []).Select(argument => Expand(argument, variables))];
        ProcessStartInfo start = new(line[0], line[1..]) { WorkingDirectory = AppContext.BaseDirectory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Code, string Words)> RunAsync(V1Container container, V1ConfigMap settings, IReadOnlyDictionary<string, string> others)
    {
        using Process process = Start(container, settings, others);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string words = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, words + await output);
    }

    // $(NAME) of a variable that there is; everything else stays as it is.
    private static string Expand(string text, Dictionary<string, string> variables) =>
        Reference().Replace(text, reference => variables.GetValueOrDefault(reference.Groups[1].Value, reference.Value));

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    private static partial Regex Reference();
}
