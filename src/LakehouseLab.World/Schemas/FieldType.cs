namespace LakehouseLab.World.Schemas;

/// <summary>The types a record's field can have. Every writer, DDL and parser is derived from them.</summary>
public enum FieldType
{
    /// <summary>A signed 64-bit integer.</summary>
    Int64,

    /// <summary>An exact decimal of at most <see cref="Field.Precision"/> digits, <see cref="Field.Scale"/> of them after the point.</summary>
    Decimal,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>A UUID (RFC 9562), written in lower case with hyphens; text in the tables.</summary>
    Uuid,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>An instant in UTC with milliseconds (RFC 3339); microseconds in the tables.</summary>
    Timestamp,

    /// <summary>A calendar date (ISO 8601).</summary>
    Date,
}
