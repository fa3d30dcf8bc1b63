namespace LakehouseLab.World.Schemas;

/// <summary>What a domain's records look like: the one source that writers, parsers, DDL and documents are derived from.</summary>
/// <param name="Name">Name on the command line and in requests, such as <c>transaction</c>.</param>
/// <param name="Table">Name of its table in every layer, such as <c>transactions</c>.</param>
/// <param name="Topic">Name of its Kafka topic.</param>
/// <param name="Description">What one record is, in one sentence.</param>
/// <param name="Fields">Fields in the order in which they are written.</param>
/// <param name="Key">Fields that together identify a record.</param>
/// <param name="EventTime">Field that orders the records; in a record without it, as if at the world's start.</param>
/// <param name="Person">Field of whole numbers that tells whom a record is about: what messages are keyed by.</param>
public sealed record DomainSchema(
    string Name,
    string Table,
    string Topic,
    string Description,
    IReadOnlyList<Field> Fields,
    IReadOnlyList<string> Key,
    string EventTime,
    string Person)
{
    /// <summary>The field of a name that the schema has.</summary>
    public Field Field(string name) => Fields[IndexOf(name)];

    /// <summary>Position of a field.</summary>
    /// <param name="name">Name of the field.</param>
    /// <returns>Its position from 0, or -1 when there is no such field.</returns>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Fields.Count; i++)
        {
            if (string.Equals(Fields[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
