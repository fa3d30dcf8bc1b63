using System.CommandLine;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary>A command as it was called: its flags, its settings and where its output goes.</summary>
internal sealed class CommandCall
{
    private readonly ParseResult _parsed;

    /// <summary>Wraps what was parsed.</summary>
    public CommandCall(ParseResult parsed, Surroundings surroundings)
    {
        _parsed = parsed;
        Surroundings = surroundings;
        Settings = new SettingSources(setting => Flag(setting.Flag), surroundings);
    }

    /// <summary>The process around it.</summary>
    public Surroundings Surroundings { get; }

    /// <summary>The settings.</summary>
    public SettingSources Settings { get; }

    /// <summary>Whether one machine-readable result is wanted.</summary>
    public bool Json => _parsed.GetValue<bool>(CommandTree.Json);

    /// <summary>Whether remarks and progress are not wanted.</summary>
    public bool Quiet => _parsed.GetValue<bool>(CommandTree.Quiet);

    /// <summary>The text of a flag; null when it was not given or the command has none of that name.</summary>
    public string? Flag(string name) =>
        _parsed.CommandResult.Command.Options.OfType<Option<string>>().FirstOrDefault(option => option.Name == name) is { } flag
            ? _parsed.GetValue(flag)
            : null;

    /// <summary>The value of a flag, or what holds when it was not given.</summary>
    /// <exception cref="InvalidRequestException">It is no value of the flag.</exception>
    public T Flag<T>(string name, Func<string, T> parse, T otherwise) =>
        Flag(name) is { } text ? SettingSources.Read(text, name, parse) : otherwise;

    /// <summary>Whether a flag without a value was given; not when the command has none of that name.</summary>
    public bool Switch(string name) =>
        _parsed.CommandResult.Command.Options.OfType<Option<bool>>().FirstOrDefault(option => option.Name == name) is { } flag && _parsed.GetValue(flag);

    /// <summary>The text of an argument.</summary>
    public string Argument(Argument<string> argument) => _parsed.GetRequiredValue(argument);

    /// <summary>The text of an argument that may be left out; null when it was.</summary>
    public string? OptionalArgument(Argument<string> argument) => _parsed.GetValue(argument);

    /// <summary>Opens the lake of the settings.</summary>
    /// <exception cref="InvalidRequestException">The location cannot be a lake.</exception>
    public Lake OpenLake() => Lake.Open(Settings.Get(KnownSettings.Lake));

    /// <summary>The Kafka cluster of the environment; null when it names none. The caller disposes of it.</summary>
    /// <exception cref="InvalidRequestException">A variable has a value that it cannot have.</exception>
    public KafkaTopicLog? FindTopics() => KafkaConnection.Find(Surroundings.Variable) is { } connection ? new KafkaTopicLog(connection) : null;

    /// <summary>Topics of a cluster that is waited for when it is away; null when there is no cluster.</summary>
    public PatientTopicLog? WaitFor(KafkaTopicLog? topics) => topics is null ? null
        : new PatientTopicLog(topics, PatientTopicLog.OfCommands, Surroundings.Clock, reason => Say($"{reason}; waiting for it for up to {PatientTopicLog.OfCommands.TotalMinutes:0} minutes"));

    /// <summary>The world of the settings and of a lake.</summary>
    /// <param name="lake">The lake, or null when there is none.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<EmulatedWorld> MakeWorldAsync(Lake? lake, CancellationToken cancellationToken)
    {
        WorldSettings? bound = lake is null ? null : await lake.ReadWorldAsync(cancellationToken).ConfigureAwait(false);
        return new EmulatedWorld(Settings.GetWorld(bound));
    }

    /// <summary>Writes a remark for people, unless they want quiet.</summary>
    public void Say(string line)
    {
        if (!Quiet)
        {
            Surroundings.Words.WriteLine(line);
        }
    }
}
