using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Reports;

/// <summary>A raw object that is not in Bronze as it is in the store, and why.</summary>
/// <param name="Key">Its key.</param>
/// <param name="State">What is the matter with it.</param>
/// <param name="Reason">A sentence that names it, the reason and what to do.</param>
public sealed record ObjectRemark(string Key, ObjectState State, string Reason)
{
    /// <summary>Whether somebody should do something about it.</summary>
    [JsonIgnore]
    public bool IsFinding => State is ObjectState.Waits or ObjectState.Changed;
}

/// <summary>What is the matter with a raw object.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ObjectState>))]
public enum ObjectState
{
    /// <summary>It cannot be ingested as it is; every run tries again.</summary>
    [JsonStringEnumMemberName("waits")]
    Waits,

    /// <summary>It has another content than when it was ingested.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>Its name ends like no format of records.</summary>
    [JsonStringEnumMemberName("left_out")]
    LeftOut,
}
