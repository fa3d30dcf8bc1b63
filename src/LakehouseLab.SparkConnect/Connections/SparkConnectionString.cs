using System.Globalization;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.SparkConnect.Connections;

/// <summary>Where a Spark Connect server is and how it is reached: <c>sc://host:port/;token=…;use_ssl=true;user_id=…;x-header=…</c>.</summary>
public sealed class SparkConnectionString
{
    private const string Scheme = "sc://";
    private const int DefaultPort = 15_002;
    private const int DefaultMaxMessageSize = 128 * 1024 * 1024;
    private const string Form = "expected sc://host:port, with parameters after /; as in sc://spark.example.com:443/;token=…;use_ssl=true";

    private SparkConnectionString(string host, int port, IReadOnlyDictionary<string, string> parameters)
    {
        Host = host;
        Port = port;
        Token = parameters.GetValueOrDefault("token");
        UserId = parameters.GetValueOrDefault("user_id") ?? Environment.UserName;
        UserAgent = parameters.GetValueOrDefault("user_agent");
        SessionId = parameters.GetValueOrDefault("session_id");
        UseTls = parameters.TryGetValue("use_ssl", out string? tls) ? bool.Parse(tls) : Token is not null && !IsLoopback(host);
        MaxMessageSize = parameters.TryGetValue("grpc_max_message_size", out string? size) ? int.Parse(size, CultureInfo.InvariantCulture) : DefaultMaxMessageSize;
        Headers = parameters.Where(static parameter => !IsKnown(parameter.Key)).ToDictionary();
    }

    /// <summary>Name or address of the server; an IPv6 address in brackets.</summary>
    public string Host { get; }

    /// <summary>Its port; 15002 unless stated.</summary>
    public int Port { get; }

    /// <summary>The bearer token that each call carries; null: none.</summary>
    public string? Token { get; }

    /// <summary>Whether the connection is encrypted: as <c>use_ssl</c> says; unstated, where there is a token and the server is not on this machine.</summary>
    public bool UseTls { get; }

    /// <summary>Whose session it is; unstated, the user of this process.</summary>
    public string UserId { get; }

    /// <summary>What the server's log calls the client; null: what the session's options say.</summary>
    public string? UserAgent { get; }

    /// <summary>The session's id, a UUID; null: a new one.</summary>
    public string? SessionId { get; }

    /// <summary>How many bytes one message of the server may have; 128 MiB unless stated.</summary>
    public int MaxMessageSize { get; }

    /// <summary>All other parameters: headers that each call carries.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Reads a connection string. Values are percent-decoded.</summary>
    /// <exception cref="SparkConnectionStringException">It is not one.</exception>
    public static SparkConnectionString Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            // Whatever it is, it may hold a token: only its beginning is shown.
            throw new SparkConnectionStringException($"'{text.Split(';')[0]}' is not a connection string of Spark Connect: {Form}.");
        }

        string[] parts = text[Scheme.Length..].Split(';');
        string address = parts[0].EndsWith('/') ? parts[0][..^1] : parts[0];
        if (parts.Length > 1 && !parts[0].EndsWith('/'))
        {
            throw new SparkConnectionStringException($"the connection string {Scheme}{parts[0]};… lacks the / before its parameters: {Form}.");
        }

        (string host, int port) = Address(address);
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach (string part in parts.Skip(1).Where(static part => part.Length > 0))
        {
            (string name, string value) = Parameter(part);
            if (!parameters.TryAdd(name, value))
            {
                throw new SparkConnectionStringException($"the connection string to {Scheme}{address} states {name} twice: state it once.");
            }
        }

        return new SparkConnectionString(host, port, parameters);
    }

    /// <summary>The server's address, without token and headers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}{Host}:{Port}");

    private static (string Host, int Port) Address(string address)
    {
        int colon = address.LastIndexOf(':');
        bool hasPort = colon > address.LastIndexOf(']');
        string host = hasPort ? address[..colon] : address;
        int port = DefaultPort;
        if (hasPort && (!int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > ushort.MaxValue))
        {
            throw new SparkConnectionStringException($"{Scheme}{address}: '{address[(colon + 1)..]}' is not a port: expected a number from 1 to 65535.");
        }

        return Uri.CheckHostName(host) == UriHostNameType.Unknown || (host.Contains(':') && !host.StartsWith('['))
            ? throw new SparkConnectionStringException($"{Scheme}{address}: '{host}' is not the name or address of a host: {Form}.")
            : (host, port);
    }

    private static (string Name, string Value) Parameter(string part)
    {
        int equals = part.IndexOf('=');
        string name = equals < 0 ? part : part[..equals];
        string value = equals < 0 ? "" : Uri.UnescapeDataString(part[(equals + 1)..]);
        string? problem = name switch
        {
            _ when value.Length == 0 => "has no value: expected name=value",
            "use_ssl" when !bool.TryParse(value, out _) => $"is '{value}': expected true or false",
            "session_id" when !Guid.TryParseExact(value, "D", out _) => $"is '{value}': expected a UUID",
            "grpc_max_message_size" when !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size == 0 => $"is '{value}': expected a number of bytes",
            _ when !IsKnown(name) && !IsHeaderName(name) => "is neither a parameter nor the name of a header: expected letters, digits, -, _ or .",
            _ when value.Any(static letter => letter is < ' ' or > '~') => "has a value that no header can hold: expected printable ASCII",
            _ => null,
        };
        return problem is null ? (IsKnown(name) ? name : name.ToLowerInvariant(), value) : throw new SparkConnectionStringException($"the connection string's parameter {name} {problem}.");
    }

    private static bool IsKnown(string name) => name is "token" or "use_ssl" or "user_id" or "user_agent" or "session_id" or "grpc_max_message_size";

    private static bool IsHeaderName(string name) => name.Length > 0 && !name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase) && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    private static bool IsLoopback(string host) => host == "localhost" || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out System.Net.IPAddress? address) && System.Net.IPAddress.IsLoopback(address));
}
