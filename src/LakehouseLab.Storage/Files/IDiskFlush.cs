namespace LakehouseLab.Storage.Files;

/// <summary>Makes durable what was written: a file is lost with its unflushed bytes, and with its unflushed folder's entry.</summary>
internal interface IDiskFlush
{
    /// <summary>Flushes a file's bytes.</summary>
    /// <exception cref="IOException">They could not be flushed.</exception>
    void FlushFile(FileStream file);

    /// <summary>Flushes a folder's entries.</summary>
    /// <exception cref="IOException">They could not be flushed.</exception>
    void FlushFolder(string folder);
}
