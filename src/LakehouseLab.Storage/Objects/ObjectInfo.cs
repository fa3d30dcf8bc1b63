namespace LakehouseLab.Storage.Objects;

/// <summary>An object of a store.</summary>
/// <param name="Key">Its key: segments separated by <c>/</c>.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="LastModified">When it was put.</param>
public readonly record struct ObjectInfo(string Key, long Length, DateTimeOffset LastModified);
