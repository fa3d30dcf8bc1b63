using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LakehouseLab.Server.Fields;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Http;

/// <summary>One request that the service answers: what is routed, validated and documented is this one declaration.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with parameters in braces.</param>
/// <param name="Id">Name of the operation.</param>
/// <param name="Tag">Feature that it belongs to.</param>
/// <param name="Summary">What it does, in one sentence.</param>
internal sealed record Operation(string Method, string Path, string Id, string Tag, string Summary)
{
    /// <summary>The parameters in the path.</summary>
    public IReadOnlyList<RequestField> PathParameters { get; init; } = [];

    /// <summary>The parameters of the query.</summary>
    public IReadOnlyList<RequestField> Query { get; init; } = [];

    /// <summary>The headers that it reads.</summary>
    public IReadOnlyList<RequestField> Headers { get; init; } = [];

    /// <summary>The fields of the body; null when it reads none.</summary>
    public IReadOnlyList<RequestField>? Body { get; init; }

    /// <summary>Whether there must be a body.</summary>
    public bool BodyIsRequired { get; init; }

    /// <summary>Bodies to copy, by what they do.</summary>
    public IReadOnlyDictionary<string, JsonObject> BodyExamples { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Everything that it answers but problems.</summary>
    public required IReadOnlyList<DeclaredReply> Replies { get; init; }

    /// <summary>The statuses of its problems, besides those that any request can have.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];

    /// <summary>Whether it is answered without a key: it tells nothing that needs one.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Answers it.</summary>
    public required Func<HttpContext, Task<Reply>> Handle { get; init; }
}

/// <summary>A successful answer that an operation declares.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Type">The document; null when it is none.</param>
/// <param name="ContentType">The media type.</param>
internal sealed record DeclaredReply(int Status, string Description, JsonTypeInfo? Type, string ContentType = "application/json")
{
    /// <summary>Headers that it has, with what they say.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
