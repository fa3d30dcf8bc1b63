namespace LakehouseLab.Audit;

/// <summary>A stage on a record's way.</summary>
public enum AuditLayer
{
    /// <summary>The records as the emulations delivered them in objects.</summary>
    Raw,

    /// <summary>The records as the emulations wrote them to topics.</summary>
    Topic,

    /// <summary>Every record as it was received.</summary>
    Bronze,

    /// <summary>Typed rows, one for each key.</summary>
    Silver,

    /// <summary>The tables that questions are answered from.</summary>
    Gold,
}
