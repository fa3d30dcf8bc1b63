using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Pipeline.Projects;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>init</c>: a folder for models of one's own.</summary>
internal sealed class InitCommand : CommandWithExample
{
    private readonly ValueArgument<string> _folder = new("dir", "DIR", "The project's folder; the working folder when left out.", static text => text) { Default = "." };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("init", "Make a project: settings, an example of a model of one's own, a folder for its tests.", "lakelab init shop", "DIR");

    public InitCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_folder);
        Runs(surroundings, (call, _) => Task.FromResult(Run(call)));
    }

    private int Run(CommandCall call)
    {
        string folder = call.Get(_folder);
        string place = Path.GetFullPath(folder, call.Surroundings.Folder);
        IReadOnlyList<string> files = ProjectFolder.Create(place);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, place, files));
            return ExitCode.Done;
        }

        foreach (string file in files)
        {
            call.Surroundings.Text.WriteLine(Path.Combine(folder, file));
        }

        call.Say($"{(folder == "." ? "" : $"go on there: cd {folder}; then ")}{call.Surroundings.Program} run fills a lake and makes the tables, your models among them");
        return ExitCode.Done;
    }

    private static void WriteJson(Utf8JsonWriter writer, string folder, IReadOnlyList<string> files)
    {
        writer.WriteStartObject();
        writer.WriteString("project", folder);
        writer.WriteStartArray("files");
        foreach (string file in files)
        {
            writer.WriteStringValue(file);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
