using System.Globalization;
using LakehouseLab.Cli.Values;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Settings;

/// <summary>The settings of the emulator service.</summary>
internal static class ServiceSettings
{
    /// <summary>The variable with the key that every request must bear; a secret, so there is no flag for it.</summary>
    public const string KeyVariable = "LAKELAB_API_KEY";

    // As the server has them; named here so that other commands need not load the server.
    private const int DefaultPort = 8000;
    private const int DefaultRunning = 10;
    private const int DefaultQueued = 1000;
    private const long DefaultRows = 10_000_000_000;

    /// <summary>The address that is listened on.</summary>
    public static Setting<string> Host { get; } = new(
        "host", "ADDRESS", $"The address that is listened on; any but this machine's own needs {KeyVariable} or --allowed-hosts.", Text, static text => text, static () => "127.0.0.1");

    /// <summary>The port.</summary>
    public static Setting<int> Port { get; } = new(
        "port", "NUMBER", "The port that is listened on; 0: a free one.", static text => (int)Count.Parse(text, 0, ushort.MaxValue), Invariant, static () => DefaultPort);

    /// <summary>Hosts that need no key.</summary>
    public static Setting<string> AllowedHosts { get; } = new(
        "allowed-hosts", "LIST", "Hosts, besides this machine's own names, that are answered without a key: for container networks.", List, static text => text, static () => "");

    /// <summary>Emulations at once.</summary>
    public static Setting<int> MaxRunning { get; } = new(
        "max-running", "COUNT", "Emulations that run at once.", static text => (int)Count.Parse(text, 1, 1000), Invariant, static () => DefaultRunning);

    /// <summary>Emulations that wait.</summary>
    public static Setting<int> MaxQueued { get; } = new(
        "max-queued", "COUNT", "Emulations that may wait for their turn.", static text => (int)Count.Parse(text, 1, 1_000_000), Invariant, static () => DefaultQueued);

    /// <summary>Rows of an emulation.</summary>
    public static Setting<long> MaxRows { get; } = new(
        "max-rows", "COUNT", "Rows that one emulation may ask for.", Count.ParsePositive, Invariant, static () => DefaultRows);

    /// <summary>Rows a second of an emulation.</summary>
    public static Setting<double> MaxRate { get; } = new(
        "max-rate", "COUNT", "Rows a second that one emulation may ask for; 0: full speed is allowed.", static text => Count.Parse(text, 0, 1_000_000_000),
        static value => value.ToString(CultureInfo.InvariantCulture), static () => 0);

    /// <summary>Where in object stores.</summary>
    public static Setting<string> Buckets { get; } = new(
        "buckets", "LIST", "Buckets, or prefixes of them, that emulations may be delivered to.", List, static text => text, static () => "lakehouse");

    /// <summary>Which topics.</summary>
    public static Setting<string> Topics { get; } = new(
        "topics", "LIST", "Topics that emulations may be delivered to; a star at the end stands for any text.", List, static text => text,
        static () => "user-profiles*,transactions*,device-logs*");

    /// <summary>Where jobs are kept.</summary>
    public static Setting<string> State { get; } = new(
        "state", "FOLDER", "Folder of the job database; the lake's own unless stated, for a lake on S3 one in the user's state folder.", Text, static text => text, static () => "")
    { IsPath = true };

    /// <summary>Form of logs.</summary>
    public static Setting<string> Log { get; } = new(
        "log", "Form of the log on standard error.", Choices.Of("text", "json"), static () => "text");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Port, Host, AllowedHosts, MaxRunning, MaxQueued, MaxRows, MaxRate, Buckets, Topics, State, Log];

    /// <summary>The entries of a list.</summary>
    public static IReadOnlyList<string> Entries(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Text(string text) => string.IsNullOrWhiteSpace(text) ? throw new InvalidRequestException("is empty") : text;

    private static string List(string text) =>
        Entries(text).Count > 0 ? text : throw new InvalidRequestException("is not a list: write it like one,other");

    private static string Invariant<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
