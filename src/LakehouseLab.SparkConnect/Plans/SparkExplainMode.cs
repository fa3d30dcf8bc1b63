namespace LakehouseLab.SparkConnect.Plans;

/// <summary>How much an explanation says.</summary>
public enum SparkExplainMode
{
    /// <summary>The physical plan.</summary>
    Simple = 1,

    /// <summary>Also the logical plans.</summary>
    Extended = 2,

    /// <summary>The physical plan in outline, with details of each step.</summary>
    Formatted = 5,
}
