using System.Net;
using System.Security.Cryptography;
using System.Text;
using LakehouseLab.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Security;

/// <summary>
/// Who may ask. Without a key only this machine may, and only by its own names, so that no web page can reach the
/// service through a name that it points here (DNS rebinding). With a key everybody who bears it may.
/// </summary>
internal sealed class AccessGuard
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _keyHash;

    /// <summary>Makes a guard.</summary>
    /// <param name="key">The key; null when none is asked for.</param>
    public AccessGuard(string? key) => _keyHash = key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Whether an address is this machine's own.</summary>
    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Refuses a request that may not be asked.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isOpen">Whether it needs no key.</param>
    /// <returns>The refusal; null when it may be asked.</returns>
    public Reply? Refuse(HttpContext context, bool isOpen)
    {
        HttpRequest request = context.Request;
        if (_keyHash is null && !IsOwnName(request.Host, context.Connection.LocalPort))
        {
            return Reply.Problem(403, $"Host is '{Excerpt.Of(request.Host.Value ?? "")}': this service listens for this machine alone; ask localhost or 127.0.0.1, or serve with a key");
        }

        // A browser says where a page comes from that asks for a change: pages of others may not.
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority == request.Host.Value))
        {
            return Reply.Problem(403, $"Origin is '{Excerpt.Of(origin)}': pages of other places may change nothing here");
        }

        return isOpen || _keyHash is null || BearsKey(request) ? null
            : Reply.Problem(401, "the request bears no key, or a wrong one: send 'Authorization: Bearer KEY' with the key that the service was started with").With("WWW-Authenticate", "Bearer");
    }

    private static bool IsOwnName(HostString host, int port) =>
        host.Host is "localhost" or "127.0.0.1" or "[::1]" && (host.Port is null || host.Port == port);

    private bool BearsKey(HttpRequest request)
    {
        string header = request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _keyHash);
    }
}
