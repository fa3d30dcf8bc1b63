namespace LakehouseLab.Emulation.Lakes;

/// <summary>What of a lake a program writes to: records may come in, from many programs at once, while tables are made of others.</summary>
[Flags]
public enum LakePart
{
    /// <summary>World, claims, manifests and raw objects. Any number of programs write them; each emulation has a lock of its own.</summary>
    Records = 1,

    /// <summary>Tables, with the progress of their flows and the run history: one program at a time.</summary>
    Tables = 2,

    /// <summary>The jobs of the service: one service at a time.</summary>
    Jobs = 4,
}
