using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Storage.Files;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary>Where records go that are meant for no lake: a folder, standard output, or nowhere.</summary>
internal sealed class EmulationOutlet
{
    private readonly string _flag;
    private readonly FileSystemStore? _folder;
    private readonly Stream? _stream;

    private EmulationOutlet(string flag, string place, FileSystemStore? folder, Stream? stream)
    {
        _flag = flag;
        Place = place;
        _folder = folder;
        _stream = stream;
    }

    /// <summary>The outlet as the user wrote it.</summary>
    public string Place { get; }

    /// <summary>Opens an outlet.</summary>
    /// <param name="flag">The flag that names it.</param>
    /// <param name="place">A folder, <c>-</c> or <c>null</c>.</param>
    /// <param name="output">Standard output.</param>
    /// <exception cref="InvalidRequestException">The place is none of these.</exception>
    public static EmulationOutlet Open(string flag, string place, Stream output) => place switch
    {
        "-" => new EmulationOutlet(flag, place, null, output),
        "null" => new EmulationOutlet(flag, place, null, Stream.Null),
        _ when string.IsNullOrWhiteSpace(place) || File.Exists(place) =>
            throw new InvalidRequestException($"{flag}: '{place}' is not a folder: give one, - for standard output, or null"),
        _ when place.Contains("://", StringComparison.Ordinal) =>
            throw new InvalidRequestException($"{flag}: '{place}' is not a folder: give one, or --sync minio --bucket for objects"),
        _ => new EmulationOutlet(flag, place, new FileSystemStore(place), null),
    };

    /// <summary>Passes the rows of several domains on, if they can be told apart again.</summary>
    /// <exception cref="InvalidRequestException">They would be mixed in one stream.</exception>
    public IReadOnlyList<(Domain Domain, RowRange Range)> OneByOne(IReadOnlyList<(Domain Domain, RowRange Range)> domains) =>
        Place == "-" ? throw new InvalidRequestException($"{_flag} - takes one domain at a time: name one, or give a folder") : domains;

    /// <summary>The request of an emulation that has begun here.</summary>
    /// <exception cref="InvalidRequestException">None has.</exception>
    public Task<EmulationRequest> ContinueAsync(Guid emulation, Domain domain, EmulationOptions options, CancellationToken cancellationToken) =>
        _folder is not null
            ? BegunEmulation.FindAsync(emulation, domain, _folder, options, cancellationToken)
            : throw new InvalidRequestException($"{_flag} {Place} keeps no emulation to go on with: give a folder, or a lake");

    /// <summary>Makes rows into the outlet.</summary>
    public Task<EmulationResult> RunAsync(EmulationRequest request, EmulationControl control, CancellationToken cancellationToken) =>
        _folder is not null
            ? Emulator.RunAsync(request, _folder, control, cancellationToken)
            : Emulator.RunAsync(request, _stream!, control, cancellationToken);
}
