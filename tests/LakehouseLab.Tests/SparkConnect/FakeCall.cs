using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LakehouseLab.SparkConnect.Wire;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Tests.SparkConnect;

/// <summary>One call as the server has it: gRPC's frames and trailers over HTTP/2.</summary>
internal sealed class FakeCall(HttpContext context)
{
    private const int HeaderSize = 5;

    private bool _ended;

    /// <summary>The messages of the request.</summary>
    public async IAsyncEnumerable<byte[]> ReadAsync()
    {
        byte[] header = new byte[HeaderSize];
        while (await context.Request.Body.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false) == HeaderSize)
        {
            byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
            await context.Request.Body.ReadExactlyAsync(message);
            yield return message;
        }
    }

    /// <summary>Sends a message.</summary>
    public async Task SendAsync(IMessage message)
    {
        Begin();
        byte[] frame = new byte[HeaderSize + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - HeaderSize);
        message.WriteTo(frame.AsSpan(HeaderSize));
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Fails the call, with what Spark says of an error if it is Spark that fails it.</summary>
    public void Fail(StatusCode code, string message, params (string Name, string Value)[] metadata)
    {
        _ended = true;
        Begin();
        context.Response.AppendTrailer("grpc-status", ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture));
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
        if (metadata.Length > 0)
        {
            ErrorInfo info = new() { Reason = "org.apache.spark.SparkException", Domain = "org.apache.spark" };
            info.Metadata.Add(metadata.ToDictionary(static pair => pair.Name, static pair => pair.Value));
            context.Response.AppendTrailer("grpc-status-details-bin", Convert.ToBase64String(new LakehouseLab.SparkConnect.Wire.Status { Message = message, Details = { Any.Pack(info) } }.ToByteArray()));
        }
    }

    /// <summary>Answers as a proxy that does not let the call through.</summary>
    public void Refuse(int httpStatus)
    {
        _ended = true;
        context.Response.StatusCode = httpStatus;
    }

    /// <summary>Cuts the connection off.</summary>
    public void Cut()
    {
        _ended = true;
        context.Abort();
    }

    /// <summary>Never answers.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);

    /// <summary>Ends the call well unless it has ended.</summary>
    public void End()
    {
        if (!_ended && !context.RequestAborted.IsCancellationRequested)
        {
            Begin();
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private void Begin()
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
        }
    }
}
