using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Records;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Bronze;

/// <content>What those ask who hold Silver and quarantine against it.</content>
internal sealed partial class BronzePart
{
    /// <summary>The domain.</summary>
    public Domain Domain => Ranges.Domain;

    /// <summary>The repaired records that progress says are in it; none when only some emulations are audited.</summary>
    public IEnumerable<Replay> Replays => Ranges.AreAllAudited ? _ingested.Replays.Values : [];

    /// <summary>When a repaired record was appended, in Unix microseconds; null when it is not there.</summary>
    public long? IngestedAt(Replay replay) => _replayed.IngestedAt(replay.Source);

    /// <summary>Whether a record has the values of a row of the world.</summary>
    public bool IsAsMade(string record, long row) => TypedRecord.AreEqual(
        TypedRecord.Read(Domain.Schema, record), TypedRecord.Read(Domain.Schema, System.Text.Encoding.UTF8.GetString(new ExpectedRecords(_world, Ranges).Record(row))));

    /// <summary>Whether two repaired records have the same values.</summary>
    public bool AreEqual(Replay one, Replay other) => TypedRecord.AreEqual(TypedRecord.Read(Domain.Schema, one.Payload), TypedRecord.Read(Domain.Schema, other.Payload));

    /// <summary>The delivered row whose key a repaired record has; -1 for none.</summary>
    public long RowOf(Replay replay) => new RecordRows(_world.CreateFactory(Domain)).Find(replay.Bytes) is long row and >= 0 && Ranges.Find(row) >= 0 ? row : -1;

    /// <summary>Whether some record may be other than the world made it.</summary>
    public bool HasSuspects => HasOthers || Enumerable.Range(0, Ranges.Slots).Any(slot => !Expected.Agrees(Found, slot));

    /// <summary>Whether a record may be other than the world made it.</summary>
    /// <param name="row">The row of the domain that is in its place; -1 for none.</param>
    public bool IsSuspect(long row) => row < 0 || !Expected.Agrees(Found, Ranges.SlotOf(row));
}
