using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Keys;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// Finds the keys that occur more than once. Sorted hashes tell which few these are, so all others pass without being sorted or
/// compared, and of the table only the files that may hold a contested key are read.
/// </summary>
internal sealed class Contest(DuckDbBatch batch, DuckDbSession session, Lake lake)
{
    /// <summary>The hashes of the keys of a table's files.</summary>
    public static KeyIndex IndexOf(DuckDbBatch batch, DuckDbSession session, Lake lake, Domain domain, TableVersion table) => new(lake, table.Name, async (file, cancellationToken) =>
    {
        Relation rows = await batch.ReadAsync(table, [file], cancellationToken).ConfigureAwait(false);
        return await HeldKeys.HashAsync(session, domain.Key, rows.Sql, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Finds the contested keys of decoded records.</summary>
    public async Task<ContestedKeys> FindAsync(DecodedFiles decoded, TableVersion? earlier, IReadOnlyList<string> key, CancellationToken cancellationToken)
    {
        IReadOnlyList<long[]> runs = [.. decoded.Files.Select(file => file.KeyHashes)];
        HashSet<long> contested = [];
        IReadOnlyList<AddFile> holders = earlier is null ? []
            : await IndexOf(batch, session, lake, decoded.Domain, earlier).FindAsync(earlier.Files, runs, contested, cancellationToken).ConfigureAwait(false);
        AddRepeated(runs, contested);
        if (contested.Count == 0)
        {
            return ContestedKeys.None;
        }

        Relation hashes = await KeepAsync(contested, cancellationToken).ConfigureAwait(false);
        Relation? held = earlier is null || holders.Count == 0 ? null : await batch.ReadAsync(earlier, holders, cancellationToken).ConfigureAwait(false);
        return new ContestedHashes(contested, hashes, held);
    }

    private static void AddRepeated(IReadOnlyList<long[]> runs, HashSet<long> contested)
    {
        for (int i = 0; i < runs.Count; i++)
        {
            SortedHashes.AddRepeated(runs[i], contested);
            for (int j = i + 1; j < runs.Count; j++)
            {
                SortedHashes.AddShared(runs[i], runs[j], contested);
            }
        }
    }

    private async Task<Relation> KeepAsync(HashSet<long> hashes, CancellationToken cancellationToken)
    {
        const int PerStatement = 10_000;
        Relation kept = await batch.KeepAsync("SELECT CAST(NULL AS BIGINT) AS key_hash WHERE FALSE", cancellationToken).ConfigureAwait(false);
        foreach (long[] some in hashes.Chunk(PerStatement))
        {
            string values = string.Join(", ", some.Select(hash => hash.ToString(CultureInfo.InvariantCulture)));
            await session.ExecuteAsync($"INSERT INTO {kept.Sql} SELECT unnest([{values}]::BIGINT[])", cancellationToken).ConfigureAwait(false);
        }

        return kept;
    }
}

/// <summary>Contested keys whose hashes are at hand.</summary>
/// <param name="Values">The hashes.</param>
/// <param name="Hashes">The hashes as a relation.</param>
/// <param name="Earlier">Rows of the table, all those of contested keys among them.</param>
internal sealed record ContestedHashes(IReadOnlyCollection<long> Values, Relation Hashes, Relation? Earlier) : ContestedKeys(Hashes, Earlier);
