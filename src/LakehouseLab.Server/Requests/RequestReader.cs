using System.Text.Json;
using LakehouseLab.Server.Problems;
using LakehouseLab.World.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LakehouseLab.Server.Requests;

/// <summary>Reads the fields of a request and collects everything that is wrong with them.</summary>
internal sealed class RequestReader
{
    private const int MaxUnknown = 20;

    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    private RequestReader()
    {
    }

    /// <summary>Whether anything is wrong.</summary>
    public bool HasErrors => _errors.Count > 0;

    /// <summary>Begins to read a body.</summary>
    /// <param name="body">The body; undefined for none, which has no field.</param>
    /// <param name="fields">The fields that it may have.</param>
    public static RequestReader Of(JsonElement body, IReadOnlyList<RequestField> fields)
    {
        RequestReader reader = new();
        if (body.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in body.EnumerateObject())
            {
                reader.Add(property.Name, property.Value, fields);
            }
        }
        else if (body.ValueKind != JsonValueKind.Undefined)
        {
            reader.Fail("$", "the body must be one JSON object");
        }

        reader.Require(fields);
        return reader;
    }

    /// <summary>Begins to read a query.</summary>
    public static RequestReader Of(IQueryCollection query, IReadOnlyList<RequestField> fields)
    {
        RequestReader reader = new();
        foreach ((string name, StringValues values) in query)
        {
            RequestField? field = fields.FirstOrDefault(field => field.Name == name);
            foreach (string? value in values)
            {
                reader.Add(name, field?.OfText(value ?? "") ?? default, fields);
            }
        }

        reader.Require(fields);
        return reader;
    }

    /// <summary>A field's value, or what holds when it is not stated or wrong.</summary>
    public T? Read<T>(RequestField<T> field)
        where T : class => TryRead(field, out T? value) ? value : null;

    /// <summary>A field's value, or null when it is not stated or wrong.</summary>
    public T? ReadValue<T>(RequestField<T> field)
        where T : struct => TryRead(field, out T value) ? value : null;

    /// <summary>Whether a field is stated.</summary>
    public bool States(RequestField field) => _values.ContainsKey(field.Name);

    /// <summary>Says that a field is wrong.</summary>
    /// <param name="field">The field, or <c>$</c> for the whole.</param>
    /// <param name="problem">What is wrong and what is allowed.</param>
    public void Fail(string field, string problem)
    {
        if (!_errors.TryGetValue(field, out List<string>? problems))
        {
            _errors[field] = problems = [];
        }

        if (!problems.Contains(problem))
        {
            problems.Add(problem);
        }
    }

    /// <summary>Everything that is wrong, as one problem.</summary>
    public HttpValidationProblemDetails ToProblem() => Problem.Of(
        _errors.Count == 1 ? $"{_errors.First().Key} {_errors.First().Value[0]}" : $"{_errors.Count} fields are wrong: {string.Join(", ", _errors.Keys)}; see errors",
        _errors.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()));

    private bool TryRead<T>(RequestField<T> field, out T? value)
    {
        value = default;
        if (!_values.TryGetValue(field.Name, out JsonElement given))
        {
            return false;
        }

        if (field.TryRead(given, out value, out string? problem))
        {
            return true;
        }

        Fail(field.Name, problem);
        return false;
    }

    private void Add(string name, JsonElement value, IReadOnlyList<RequestField> fields)
    {
        if (fields.All(field => field.Name != name))
        {
            if (_errors.Count < MaxUnknown)
            {
                string asked = name.Length <= 40 ? NearestWord.Ask(name, fields.Select(field => field.Name)) : "";
                Fail(Excerpt.Of(name), $"is not a field of this request{asked}{(fields.Count == 0 ? ": it has none" : asked.Length > 0 ? "" : $": it has {string.Join(", ", fields.Select(field => field.Name))}")}");
            }

            return;
        }

        // Null is how some clients spell that nothing is stated.
        if (value.ValueKind != JsonValueKind.Null && !_values.TryAdd(name, value))
        {
            Fail(name, "is stated twice: state it once");
        }
    }

    private void Require(IReadOnlyList<RequestField> fields)
    {
        foreach (RequestField field in fields.Where(field => field.Required && !_values.ContainsKey(field.Name)))
        {
            Fail(field.Name, $"is missing: {field.Description}");
        }
    }
}
