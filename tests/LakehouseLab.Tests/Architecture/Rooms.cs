using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace LakehouseLab.Tests.Architecture;

/// <summary>Which namespaces of a project use which others of it: by the types that its compiled code mentions, and by the <c>using</c> lines
/// of its sources, which also tell what only a constant or a comment refers to.</summary>
internal sealed partial class Rooms
{
    private readonly SortedDictionary<(string From, string To), string> _uses = [];

    private Rooms(string project) => Project = project;

    /// <summary>The project's name, which is its root namespace.</summary>
    public string Project { get; }

    /// <summary>Each use of a namespace by another, with one example: the type that uses and what it uses.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Uses => _uses;

    /// <summary>Reads a project.</summary>
    /// <param name="project">Its name.</param>
    /// <param name="assembly">Path of its compiled assembly.</param>
    /// <param name="sources">Folder of its sources.</param>
    public static Rooms Of(string project, string assembly, string sources)
    {
        Rooms rooms = new(project);
        using ModuleDefinition module = ModuleDefinition.ReadModule(assembly);
        foreach (TypeDefinition type in module.GetTypes())
        {
            TypeDefinition user = OutermostOf(type);
            foreach (TypeDefinition used in Mentioned(type).SelectMany(Flatten).Select(mentioned => mentioned.Resolve() is { } found && found.Module == module ? OutermostOf(found) : null).OfType<TypeDefinition>())
            {
                rooms.Add(user.Namespace, used.Namespace, $"{user.Name} uses {used.Name}");
            }
        }

        foreach (string file in Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            if (Namespace().Match(text) is { Success: true } own)
            {
                foreach (Match line in Using().Matches(text))
                {
                    rooms.Add(own.Groups[1].Value, line.Groups[1].Value, $"{Path.GetFileName(file)} says 'using {line.Groups[1].Value}'");
                }
            }
        }

        return rooms;
    }

    /// <summary>The namespaces that use each other, directly or in a ring, each ring once.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rings()
    {
        string[] all = [.. _uses.Keys.SelectMany(use => (string[])[use.From, use.To]).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, HashSet<string>> reached = all.ToDictionary(room => room, Reach);
        return [.. all.Where(room => reached[room].Contains(room)).GroupBy(room => string.Join(", ", reached[room].Where(other => reached[other].Contains(room)).Order(StringComparer.Ordinal)))
            .Select(ring => (IReadOnlyList<string>)[.. ring])];
    }

    private HashSet<string> Reach(string room)
    {
        HashSet<string> reached = [];
        Stack<string> open = new([room]);
        while (open.TryPop(out string? from))
        {
            foreach ((string _, string to) in _uses.Keys.Where(use => use.From == from && reached.Add(use.To)))
            {
                open.Push(to);
            }
        }

        return reached;
    }

    private void Add(string from, string to, string example)
    {
        if (from != to && IsOwn(from) && IsOwn(to))
        {
            _uses.TryAdd((from, to), example);
        }
    }

    private bool IsOwn(string name) => name == Project || name.StartsWith(Project + ".", StringComparison.Ordinal);

    private static TypeDefinition OutermostOf(TypeDefinition type) => type.DeclaringType is { } outer ? OutermostOf(outer) : type;

    private static IEnumerable<TypeReference?> Mentioned(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(item => item.InterfaceType),
        .. type.CustomAttributes.Select(item => item.AttributeType),
        .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Methods.SelectMany(Mentioned),
    ];

    private static IEnumerable<TypeReference?> Mentioned(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.CustomAttributes.Select(item => item.AttributeType),
        .. method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(Mentioned) : [],
    ];

    private static IEnumerable<TypeReference?> Mentioned(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    // A list of arrays of a type mentions the type.
    private static IEnumerable<TypeReference> Flatten(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Flatten)],
        TypeSpecification specification => Flatten(specification.ElementType),
        _ => [type],
    };

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static )?(LakehouseLab[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
