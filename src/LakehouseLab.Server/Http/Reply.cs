using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Http;

/// <summary>What a request is answered with.</summary>
internal abstract class Reply
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    private Reply(int status) => Status = status;

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>Answers with a document.</summary>
    public static Reply Json<T>(int status, T value, JsonTypeInfo<T> type) => new JsonReply<T>(status, value, type, "application/json");

    /// <summary>Answers with a problem.</summary>
    public static Reply Problem(Problem problem) => new JsonReply<Problem>(problem.Status, problem, ServiceJson.Documents.Problem, Http.Problem.ContentType);

    /// <summary>Answers with a problem.</summary>
    public static Reply Problem(int status, string detail) => Problem(Http.Problem.Of(status, detail));

    /// <summary>Answers with bytes.</summary>
    public static Reply Bytes(ReadOnlyMemory<byte> content, string contentType) => new BytesReply(content, contentType);

    /// <summary>Answers with what is written as it comes.</summary>
    public static Reply Stream(string contentType, Func<HttpContext, Task> write) => new StreamReply(contentType, write);

    /// <summary>Adds a header.</summary>
    public Reply With(string header, string value)
    {
        _headers.Add(new(header, value));
        return this;
    }

    /// <summary>Sends it.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        foreach ((string name, string value) in _headers)
        {
            context.Response.Headers[name] = value;
        }

        return WriteBodyAsync(context);
    }

    /// <summary>Sends the body.</summary>
    protected abstract Task WriteBodyAsync(HttpContext context);

    private sealed class JsonReply<T>(int status, T value, JsonTypeInfo<T> type, string contentType) : Reply(status)
    {
        protected override Task WriteBodyAsync(HttpContext context)
        {
            context.Response.ContentType = contentType;
            return JsonSerializer.SerializeAsync(context.Response.BodyWriter, value, type, context.RequestAborted);
        }
    }

    private sealed class BytesReply(ReadOnlyMemory<byte> content, string contentType) : Reply(StatusCodes.Status200OK)
    {
        protected override Task WriteBodyAsync(HttpContext context)
        {
            context.Response.ContentType = contentType;
            context.Response.ContentLength = content.Length;
            return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
        }
    }

    private sealed class StreamReply(string contentType, Func<HttpContext, Task> write) : Reply(StatusCodes.Status200OK)
    {
        protected override Task WriteBodyAsync(HttpContext context)
        {
            context.Response.ContentType = contentType;
            return write(context);
        }
    }
}
