using LakehouseLab.World.Schemas;

namespace LakehouseLab.Decoding.Records;

/// <summary>A field of a domain and its value in the record that was parsed last.</summary>
public sealed class FieldSlot
{
    // Every number of so many digits is a signed 64-bit integer.
    private const int MostDigits = 18;

    /// <summary>Makes the slot of a field.</summary>
    public FieldSlot(Field field)
    {
        Field = field;
        Name = System.Text.Encoding.UTF8.GetBytes(field.Name);
        Member = System.Text.Encoding.UTF8.GetBytes($"\"{field.Name}\":");
        Allowed = field.AllowedValues?.Select(System.Text.Encoding.UTF8.GetBytes).ToArray();
        Required = !field.Nullable && !field.IsLabel;
        Type = field.Type;
        Scale = field.Scale;
        WholeDigits = field.Type == FieldType.Int64 ? MostDigits : field.Precision - field.Scale;
    }

    /// <summary>The field.</summary>
    public Field Field { get; }

    /// <summary>Its name.</summary>
    public byte[] Name { get; }

    /// <summary>Its name as a record has it, with quotes and colon.</summary>
    public byte[] Member { get; }

    /// <summary>The only values allowed, or null.</summary>
    public byte[][]? Allowed { get; }

    /// <summary>Whether a record must have it.</summary>
    public bool Required { get; }

    /// <summary>Type of its values.</summary>
    public FieldType Type { get; }

    /// <summary>Digits of a number after the point.</summary>
    public int Scale { get; }

    /// <summary>Digits before the point that any number of the field's type may have.</summary>
    public int WholeDigits { get; }

    /// <summary>Whether the record names it.</summary>
    public bool Seen { get; set; }

    /// <summary>Whether it has a value.</summary>
    public bool Present { get; set; }

    /// <summary>The value of a number in units of the scale, an instant in Unix microseconds, a date in days, or 1 for true.</summary>
    public long Number { get; set; }

    /// <summary>Where the value of a text begins in what holds it.</summary>
    public int TextStart { get; set; }

    /// <summary>Bytes of the value of a text.</summary>
    public int TextLength { get; set; }

    /// <summary>Whether the parser's scratch bytes hold the text, and not the payload.</summary>
    public bool InScratch { get; set; }

    /// <summary>The value of a UUID.</summary>
    public Guid Uuid { get; set; }

    /// <summary>Forgets the record.</summary>
    public void Clear()
    {
        Seen = false;
        Present = false;
    }
}
