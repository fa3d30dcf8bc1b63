using LakehouseLab.Decoding.Tasks;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Chooses where records are decoded: on workers that have the program, on workers that get it with the session, or here.</summary>
/// <param name="spark">The session's statements.</param>
/// <param name="lake">The lake.</param>
/// <param name="places">Where Spark finds it.</param>
/// <param name="threads">Files that are decoded at once in this process.</param>
internal sealed class DecoderChoice(SparkStatements spark, Lake lake, SparkPlaces places, int threads)
{
    // The one system for which the program is published with this one.
    private const string Runtime = "linux-x64";

    private static readonly string[] s_installed = [$"/opt/lakelab/{TaskVersion.ProgramName}", TaskVersion.ProgramName];

    /// <summary>Chooses.</summary>
    /// <param name="asked">The place that was asked for; null for the first that works.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ModelException">The place that was asked for does not work.</exception>
    public async Task<(DecodePlace Place, IBronzeDecoder Decoder)> ChooseAsync(DecodePlace? asked, CancellationToken cancellationToken)
    {
        if (asked is null or DecodePlace.Workers)
        {
            List<string> refusals = [];
            foreach (string program in s_installed)
            {
                string? wrong = await ProbeAsync(program, cancellationToken).ConfigureAwait(false);
                if (wrong is null)
                {
                    return (DecodePlace.Workers, await MakeAsync(program, cancellationToken).ConfigureAwait(false));
                }

                refusals.Add(wrong);
            }

            if (asked is not null)
            {
                throw new ModelException($"--decode workers: {string.Join("; ", refusals)}. Install the {TaskVersion.ProgramName} of this release as {s_installed[0]} on every worker, or leave --decode out");
            }
        }

        if (asked is null or DecodePlace.Artifact)
        {
            string? refusal = await UploadAsync(cancellationToken).ConfigureAwait(false);
            if (refusal is null)
            {
                return (DecodePlace.Artifact, await MakeAsync(Uploaded(TaskVersion.ProgramName), cancellationToken).ConfigureAwait(false));
            }

            if (asked is not null)
            {
                throw new ModelException($"--decode artifact: {refusal}, or run with --decode client");
            }
        }

        return (DecodePlace.Client, new ClientDecoder(lake, threads));
    }

    private string Uploaded(string name) => $"./{spark.Session.ServerSideSessionId}/{name}";

    private async Task<string?> UploadAsync(CancellationToken cancellationToken)
    {
        if (TaskArtifact.Find(AppContext.BaseDirectory, Runtime) is not { } path)
        {
            return $"there is no tasks/{Runtime}/{TaskVersion.ProgramName} in {AppContext.BaseDirectory}: put that of this release there";
        }

        FileStream content = File.OpenRead(path);
        await using (content.ConfigureAwait(false))
        {
            await spark.AddArtifactAsync(TaskVersion.ProgramName, content, cancellationToken).ConfigureAwait(false);
        }

        return await ProbeAsync(Uploaded(TaskVersion.ProgramName), cancellationToken).ConfigureAwait(false);
    }

    private async Task<TaskDecoder> MakeAsync(string program, CancellationToken cancellationToken)
    {
        byte[]? credentials = places.IsOnS3 ? TaskCredentials.Of(Environment.GetEnvironmentVariable) : null;
        if (credentials is not null)
        {
            using MemoryStream content = new(credentials);
            await spark.AddArtifactAsync(TaskCredentials.FileName, content, cancellationToken).ConfigureAwait(false);
        }

        return new TaskDecoder(spark, places, program, credentials is null ? null : Uploaded(TaskCredentials.FileName));
    }

    // Null when the program answers and decodes as this one does, else what is wrong.
    private async Task<string?> ProbeAsync(string program, CancellationToken cancellationToken)
    {
        try
        {
            string query = $"SELECT TRANSFORM(probe) USING {SqlText.Literal(TaskCommand.Version(program))} AS (answer STRING) FROM VALUES ('probe') AS probes(probe)";
            IReadOnlyList<IReadOnlyList<string?>> lines = await spark.QueryAsync(query, cancellationToken).ConfigureAwait(false);
            TaskVersion? version = lines.Count == 1 ? TaskProtocol.ReadVersion(lines[0][0]) : null;
            return version is null ? $"{program} on the workers answered nothing"
                : version.DecodesAlike ? null
                : $"{program} on the workers is version {version.Version}, which decodes otherwise than this program ({TaskVersion.Current.Version})";
        }
        catch (Engines.EngineException exception)
        {
            return $"{program} does not run on the workers ({exception.Reason})";
        }
        catch (TaskProtocolException exception)
        {
            return exception.Message;
        }
    }
}
