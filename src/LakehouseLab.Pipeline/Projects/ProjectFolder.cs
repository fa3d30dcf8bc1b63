using System.Reflection;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Projects;

/// <summary>A folder of models of one's own: <c>silver/</c> and <c>gold/</c> with one SQL file for each table.</summary>
public static class ProjectFolder
{
    /// <summary>The folder of models in a project.</summary>
    public const string Models = "models";

    /// <summary>The folder of a project's fixtures.</summary>
    public const string Tests = "tests";

    private const string Extension = ".sql";
    private const string TemplatePrefix = "template/";

    private static readonly string[] s_layers = ["silver", "gold"];

    /// <summary>Reads a project's models, beside and in place of those that come with the program.</summary>
    /// <param name="folder">The folder of models.</param>
    /// <param name="workingFolder">The folder that files are named from in messages, where they are in it.</param>
    /// <exception cref="InvalidRequestException">The folder cannot be read, or a model is wrong; the message names files and lines.</exception>
    public static ModelCatalog Load(string folder, string workingFolder)
    {
        string full = Path.GetFullPath(folder, workingFolder);
        if (!Directory.Exists(full))
        {
            throw new InvalidRequestException($"there is no folder of models at '{folder}': lakelab init makes a project with one");
        }

        try
        {
            return ModelCatalog.BuiltIn.With(FilesOf(full).Select(path => Read(path, full, workingFolder)));
        }
        catch (ModelException exception)
        {
            throw new InvalidRequestException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"the models at '{folder}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes a project: settings, an example of a model, a folder for fixtures.</summary>
    /// <param name="folder">The project's folder, which is made when it is not there.</param>
    /// <returns>The files that were written, from the project's folder.</returns>
    /// <exception cref="InvalidRequestException">One of the files is there already, or cannot be written; then none is.</exception>
    public static IReadOnlyList<string> Create(string folder)
    {
        Assembly assembly = typeof(ProjectFolder).Assembly;
        string[] files = [.. assembly.GetManifestResourceNames().Where(static name => name.StartsWith(TemplatePrefix, StringComparison.Ordinal)).Select(static name => name[TemplatePrefix.Length..]).Order(StringComparer.Ordinal)];
        if (files.FirstOrDefault(file => File.Exists(Path.Combine(folder, file))) is { } there)
        {
            throw new InvalidRequestException($"{Path.Combine(folder, there)} is there already: a project is made in a folder of its own");
        }

        try
        {
            Directory.CreateDirectory(Path.Combine(folder, Tests));
            foreach (string file in files)
            {
                string path = Path.Combine(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using Stream template = assembly.GetManifestResourceStream(TemplatePrefix + file)!;
                using FileStream written = new(path, FileMode.CreateNew);
                template.CopyTo(written);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"the project '{folder}' cannot be written: {exception.Message}", exception);
        }

        return files;
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Extension, SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(static part => part[0] is '.' or '_'))
            .Order(StringComparer.Ordinal);

    private static Model Read(string path, string folder, string workingFolder)
    {
        string fromHere = Path.GetRelativePath(workingFolder, path);
        string shown = fromHere.StartsWith("..", StringComparison.Ordinal) ? path : fromHere;
        string[] parts = Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar);
        string name = Path.GetFileNameWithoutExtension(path);
        if (parts.Length != 2 || !s_layers.Contains(parts[0]))
        {
            throw new InvalidRequestException($"{shown}: a model is a file {Models}/silver/NAME.sql or {Models}/gold/NAME.sql: move it there");
        }

        if (!IsName(name))
        {
            throw new InvalidRequestException($"{shown}: '{name}' is not a table's name: write small letters, digits and _, with a letter first");
        }

        // The project as others know it: its folder's name, and not where it is on this machine.
        string project = Path.GetFileName(Path.GetDirectoryName(folder)) is { Length: > 0 } parent ? $"{parent}/{Path.GetFileName(folder)}" : Path.GetFileName(folder);
        return ModelFile.Parse(new TableName(parts[0], name), File.ReadAllText(path), shown) with { Origin = $"{project}/{parts[0]}/{parts[1]}" };
    }

    private static bool IsName(string name) =>
        name.Length > 0 && char.IsAsciiLetterLower(name[0]) && name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');
}
