namespace LakehouseLab.SparkConnect.Plans;

/// <summary>Options of readers and writers.</summary>
internal static class OptionMap
{
    /// <summary>Options as the wire has them.</summary>
    public static Dictionary<string, string> ToMap(this IReadOnlyDictionary<string, string>? options) => options is null ? [] : new Dictionary<string, string>(options);
}
