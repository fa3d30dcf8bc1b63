using System.Net;
using LakehouseLab.World.Requests;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Security;

/// <summary>
/// The names under which the service is asked without a key: those of this machine at its own port, and further ones that
/// whoever starts it has named, at any port, since containers map theirs. Case does not matter in names of hosts.
/// </summary>
internal sealed class AllowedHosts
{
    private static readonly string[] s_own = ["localhost", "127.0.0.1", "[::1]"];

    private readonly HashSet<string> _named;

    private AllowedHosts(HashSet<string> named) => _named = named;

    /// <summary>Whether names beside this machine's own are among them.</summary>
    public bool HasNamed => _named.Count > 0;

    /// <summary>Reads the names.</summary>
    /// <exception cref="InvalidRequestException">An entry is not the name or address of a host.</exception>
    public static AllowedHosts Parse(IEnumerable<string> names) => new(names.Select(Parse).ToHashSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether a request's host is one that was named.</summary>
    public bool Names(HostString host) => _named.Contains(host.Host);

    /// <summary>Whether a request's host is this machine by a name of its own.</summary>
    /// <param name="host">What the request's Host header says.</param>
    /// <param name="port">The port that the request came in at.</param>
    public static bool IsOwn(HostString host, int port) =>
        s_own.Contains(host.Host, StringComparer.OrdinalIgnoreCase) && (host.Port is null || host.Port == port);

    // As a Host header spells it: addresses of IPv6 in brackets.
    private static string Parse(string name)
    {
        if (IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address))
        {
            return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        }

        return Uri.CheckHostName(name) == UriHostNameType.Dns
            ? name
            : throw new InvalidRequestException($"--allowed-hosts: '{name}' is not the name of a host: write names or addresses without scheme, port or star, such as data-emulator, separated by commas");
    }
}
