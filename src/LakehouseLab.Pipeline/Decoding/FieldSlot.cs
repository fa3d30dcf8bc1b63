using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Decoding;

/// <summary>A field of a domain and its value in the record that was parsed last.</summary>
internal sealed class FieldSlot
{
    /// <summary>Makes the slot of a field.</summary>
    public FieldSlot(Field field)
    {
        Field = field;
        Name = System.Text.Encoding.UTF8.GetBytes(field.Name);
        Member = System.Text.Encoding.UTF8.GetBytes($"\"{field.Name}\":");
        Allowed = field.AllowedValues?.Select(System.Text.Encoding.UTF8.GetBytes).ToArray();
        Required = !field.Nullable && !field.IsLabel;
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
