namespace LakehouseLab.Decoding.Tasks;

/// <summary>The <c>lakelab-task</c> beside this program, for workers that have none.</summary>
public static class TaskArtifact
{
    /// <summary>Finds it.</summary>
    /// <param name="folder">This program's folder.</param>
    /// <param name="runtime">The workers' system and processor, such as <c>linux-x64</c>.</param>
    /// <returns>Its path, <c>tasks/&lt;runtime&gt;/lakelab-task</c> below the folder; null when it is not there.</returns>
    public static string? Find(string folder, string runtime)
    {
        string path = Path.Combine(folder, "tasks", runtime, TaskVersion.ProgramName);
        return File.Exists(path) ? path : null;
    }
}
