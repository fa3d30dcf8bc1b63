using System.Net;
using System.Security.Cryptography;
using System.Text;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Settings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Security;

/// <summary>
/// Decides who may ask. Without a key, only requests for a name of this machine or an allowed one are answered, so that no web page can reach
/// the service through a name of its own that points here (DNS rebinding). With a key, requests for other names are answered if they have it.
/// </summary>
internal sealed class AccessGuard : IMiddleware
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _keyHash;
    private readonly AllowedHosts _hosts;

    /// <summary>Makes a guard.</summary>
    /// <param name="options">How the service runs.</param>
    public AccessGuard(ServiceOptions options)
    {
        _keyHash = options.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;
        _hosts = AllowedHosts.Parse(options.AllowedHosts);
    }

    /// <summary>Whether an address is this machine's own.</summary>
    public static bool IsLoopback(string host) =>
        IsLocalhost(host) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Whether a host is this machine by its usual name.</summary>
    public static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        Refuse(context) is { } refusal ? TypedResults.Problem(refusal).ExecuteAsync(context) : next(context);

    private ProblemDetails? Refuse(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool isNamed = _hosts.Names(request.Host);
        if (_keyHash is null && !isNamed && !AllowedHosts.IsOwn(request.Host, context.Connection.LocalPort))
        {
            return Problem.Of(403, $"Host is '{Excerpt.Of(request.Host.Value ?? "")}': without a key this service answers to this machine's own names and those of --allowed-hosts; ask by one of them, or serve with LAKELAB_API_KEY");
        }

        // A browser says where a page comes from that asks for a change: pages of others may not.
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
        {
            return Problem.Of(403, $"Origin is '{Excerpt.Of(origin)}': pages of other sites may not change anything here");
        }

        if (_keyHash is null || isNamed || HasKey(request) || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return null;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(401, "the request has no key, or a wrong one: send 'Authorization: Bearer KEY' with the key that the service was started with");
    }

    private bool HasKey(HttpRequest request)
    {
        string header = request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _keyHash);
    }
}
