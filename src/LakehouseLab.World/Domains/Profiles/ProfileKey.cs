using System.Globalization;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>The key of a version of a person's profile: the person and, but for their first record, when it was updated.</summary>
internal sealed class ProfileKey(DomainSchema schema, Validity validity)
    : KeyCodec([.. schema.Key.Select(schema.Field)], [schema.Field(schema.Key[0]), validity.Column])
{
    private const long MicrosecondsPerMillisecond = 1000;

    /// <summary>The key of a version.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="updatedAt">updated_at in Unix milliseconds, or null for the person's first record.</param>
    public static RecordKey Of(long userId, long? updatedAt) =>
        new(unchecked((ulong)userId), updatedAt is { } instant ? unchecked((ulong)instant) : KeyWords.Absent);

    /// <inheritdoc/>
    public override RecordKey? Read(KeyWords fields)
    {
        long instant = unchecked((long)fields.Second);
        return fields.Second == KeyWords.Absent ? new RecordKey(fields.First, KeyWords.Absent)
            : instant % MicrosecondsPerMillisecond == 0 ? Of(unchecked((long)fields.First), instant / MicrosecondsPerMillisecond)
            : null;
    }

    /// <inheritdoc/>
    public override RecordKey? Parse(IReadOnlyList<string?> fields) =>
        !long.TryParse(fields[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long user) ? null
        : fields[1] is not { } updatedAt ? Of(user, null)
        : DateTimeOffset.TryParseExact(updatedAt, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant) ? Of(user, instant.ToUnixTimeMilliseconds())
        : null;

    /// <inheritdoc/>
    public override string Describe(IReadOnlyList<string?> fields) =>
        fields[1] is { } updatedAt ? $"user {fields[0]} as of {updatedAt}" : $"user {fields[0]}";
}
