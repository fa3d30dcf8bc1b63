namespace LakehouseLab.Emulation.Lakes;

/// <summary>What of a lake a program writes to: records may come in while tables are made of others.</summary>
[Flags]
public enum LakePart
{
    /// <summary>World, claims, manifests and raw objects.</summary>
    Records = 1,

    /// <summary>Tables, with the progress of their flows and the run history.</summary>
    Tables = 2,

    /// <summary>All of it.</summary>
    Whole = Records | Tables,
}
