using System.Net;
using System.Security.Cryptography;
using System.Text;
using LakehouseLab.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Security;

/// <summary>
/// Who may ask. Without a key only who asks by a name of this machine or an allowed one, so that no web page can reach the
/// service through a name that it points here (DNS rebinding). With a key everybody else who bears it may.
/// </summary>
internal sealed class AccessGuard
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _keyHash;
    private readonly AllowedHosts _hosts;

    /// <summary>Makes a guard.</summary>
    /// <param name="key">The key; null when none is asked for.</param>
    /// <param name="hosts">The names under which no key is asked for.</param>
    public AccessGuard(string? key, AllowedHosts hosts)
    {
        _keyHash = key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
        _hosts = hosts;
    }

    /// <summary>Whether an address is this machine's own.</summary>
    public static bool IsLoopback(string host) =>
        IsLocalhost(host) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Whether a host is this machine by its usual name.</summary>
    public static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a request that may not be asked.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isOpen">Whether it needs no key.</param>
    /// <returns>The refusal; null when it may be asked.</returns>
    public Reply? Refuse(HttpContext context, bool isOpen)
    {
        HttpRequest request = context.Request;
        bool isNamed = _hosts.Names(request.Host);
        if (_keyHash is null && !isNamed && !AllowedHosts.IsOwn(request.Host, context.Connection.LocalPort))
        {
            return Reply.Problem(403, $"Host is '{Excerpt.Of(request.Host.Value ?? "")}': without a key this service answers to this machine's own names and those of --allowed-hosts; ask by one of them, or serve with LAKELAB_API_KEY");
        }

        // A browser says where a page comes from that asks for a change: pages of others may not.
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
        {
            return Reply.Problem(403, $"Origin is '{Excerpt.Of(origin)}': pages of other places may change nothing here");
        }

        return isOpen || _keyHash is null || isNamed || BearsKey(request) ? null
            : Reply.Problem(401, "the request bears no key, or a wrong one: send 'Authorization: Bearer KEY' with the key that the service was started with").With("WWW-Authenticate", "Bearer");
    }

    private bool BearsKey(HttpRequest request)
    {
        string header = request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _keyHash);
    }
}
