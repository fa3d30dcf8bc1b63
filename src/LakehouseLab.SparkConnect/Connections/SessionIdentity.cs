using Google.Protobuf;
using Google.Protobuf.Reflection;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Connections;

/// <summary>By what a server knows a session, and what it called it in turn. Sending that back lets a restarted server say that the session is gone.</summary>
/// <param name="sessionId">The client's id of the session, a UUID.</param>
/// <param name="userId">Whose it is.</param>
/// <param name="clientType">What the server's log calls the client.</param>
/// <param name="server">Which server, for messages.</param>
internal sealed class SessionIdentity(string sessionId, string userId, string clientType, string server)
{
    private readonly UserContext _user = new() { UserId = userId, UserName = userId };
    private string? _observed;

    public string SessionId { get; } = sessionId;

    /// <summary>What the server calls the session; empty before its first answer.</summary>
    public string Observed => Volatile.Read(ref _observed) ?? "";

    /// <summary>Writes into a request whose it is. All requests have the same fields for that, under the same names.</summary>
    public T Sign<T>(T request)
        where T : IMessage
    {
        Set(request, "session_id", SessionId);
        Set(request, "user_context", _user);
        Set(request, "client_type", clientType);
        if (Observed.Length > 0)
        {
            Set(request, "client_observed_server_side_session_id", Observed);
        }

        return request;
    }

    /// <summary>Takes note of the name that an answer gives the session.</summary>
    /// <exception cref="SparkSessionLostException">It is another than before.</exception>
    public void Observe(IMessage response)
    {
        string name = (string)response.Descriptor.FindFieldByName("server_side_session_id").Accessor.GetValue(response);
        if (name.Length > 0 && Interlocked.CompareExchange(ref _observed, name, null) is { } earlier && earlier != name)
        {
            throw Lost(null);
        }
    }

    /// <summary>Says that the server no longer has the session.</summary>
    public SparkSessionLostException Lost(Exception? failure) =>
        new($"{server} no longer has the session: it was restarted or closed the session, and its temporary views, settings and artifacts are gone; run the same again in a new session.", failure);

    private static void Set(IMessage request, string name, object value)
    {
        if (request.Descriptor.FindFieldByName(name) is { } field)
        {
            field.Accessor.SetValue(request, value);
        }
    }
}
