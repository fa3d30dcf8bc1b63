using System.CommandLine;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Spark;
using LakehouseLab.World;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Cli.Calls;

/// <summary>A command as it was called: its flags, its settings and where its output goes.</summary>
internal sealed class CommandCall
{
    /// <summary>The variable in which Spark's own programs expect the server.</summary>
    public const string SparkVariable = "SPARK_REMOTE";

    private readonly ParseResult _parsed;

    /// <summary>Wraps what was parsed.</summary>
    public CommandCall(ParseResult parsed, Surroundings surroundings)
    {
        _parsed = parsed;
        Surroundings = surroundings;
        Settings = new SettingSources(parsed, surroundings);
    }

    /// <summary>The process around it.</summary>
    public Surroundings Surroundings { get; }

    /// <summary>The settings.</summary>
    public SettingSources Settings { get; }

    /// <summary>The tree of commands that it is one of.</summary>
    public Command Root => _parsed.RootCommandResult.Command;

    /// <summary>Whether one machine-readable result is wanted.</summary>
    public bool Json => HasShared<JsonOption>();

    /// <summary>Whether remarks and progress are not wanted.</summary>
    public bool Quiet => HasShared<QuietOption>();

    /// <summary>The value of a flag, or what holds when it was not given.</summary>
    public T Get<T>(ValueOption<T> option) => _parsed.GetValue(option) is { } stated ? (T)stated.Value! : option.Default;

    /// <summary>Whether a flag without a value was given.</summary>
    public bool Get(Option<bool> option) => _parsed.GetValue(option);

    /// <summary>The value of an argument, or what holds when it was left out.</summary>
    public T Get<T>(ValueArgument<T> argument) => _parsed.GetValue(argument) is { } stated ? (T)stated.Value! : argument.Default;

    /// <summary>The values of an argument that takes several.</summary>
    public IReadOnlyList<string> Get(Argument<string[]> argument) => _parsed.GetValue(argument) ?? [];

    /// <summary>Whether a flag was given.</summary>
    public bool IsGiven(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>The first of some flags that was given, for those that exclude each other; null when none was.</summary>
    public Option? FindGiven(params IEnumerable<Option> options) => options.FirstOrDefault(IsGiven);

    /// <summary>The first flag of some settings that was given; null when none was.</summary>
    public Option? FindGiven(IEnumerable<Setting> settings) => settings.Select(Settings.FindFlag).FirstOrDefault(static option => option is not null);

    /// <summary>Opens the lake of the settings.</summary>
    /// <exception cref="InvalidRequestException">The location cannot be a lake.</exception>
    public Task<Lake> OpenLakeAsync(CancellationToken cancellationToken) => Lake.OpenAsync(Settings.Get(KnownSettings.Lake), cancellationToken);

    /// <summary>The models: those of the program, with those of the settings or of the project that the working folder is in.</summary>
    /// <exception cref="InvalidRequestException">There is no such folder, or a model is wrong.</exception>
    public ModelCatalog LoadModels() => FindModels() is { } models ? ProjectFolder.Load(models, Surroundings.Folder) : ModelCatalog.BuiltIn;

    /// <summary>The full path of the folder of models: that of the settings, or of the project that the working folder is in; null when there is none.</summary>
    public string? FindModels()
    {
        if (Settings.Get(KnownSettings.Models) is { Length: > 0 } stated)
        {
            return Path.GetFullPath(stated, Surroundings.Folder);
        }

        return Settings.ProjectFolder is { } project && Path.Combine(project, ProjectFolder.Models) is var models && Directory.Exists(models) ? models : null;
    }

    /// <summary>The Kafka cluster of the environment; null when it names none. The caller disposes of it.</summary>
    /// <exception cref="InvalidRequestException">A variable has a value that it cannot have.</exception>
    public KafkaTopicLog? FindTopics() => KafkaConnection.Find(Surroundings.Variable) is { } connection ? new KafkaTopicLog(connection) : null;

    /// <summary>The Spark server of the settings, else of the environment; null when neither names one.</summary>
    /// <exception cref="InvalidRequestException">What they name is not a server.</exception>
    public SparkOptions? FindSpark() =>
        (Settings.Get(KnownSettings.Remote) is { Length: > 0 } stated ? stated : Surroundings.Variable(SparkVariable)) is { Length: > 0 } remote
            ? SparkOptions.Parse(remote, Settings.Get(KnownSettings.Decode), Settings.Get(KnownSettings.Catalog)) : null;

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

    /// <summary>Writes a remark for people, unless they want quiet, after the data that came before it.</summary>
    public void Say(string line)
    {
        if (!Quiet)
        {
            Surroundings.Text.Flush();
            Surroundings.Words.WriteLine(line);
        }
    }

    private bool HasShared<T>()
        where T : Option<bool> => Root.Options.OfType<T>()
            .Any(option => _parsed.GetResult(option) is { } given && !given.Errors.Any() && given.GetValueOrDefault<bool>());
}
