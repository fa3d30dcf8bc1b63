using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Plans;

/// <summary>What a write does with what is there.</summary>
public enum SparkWriteMode
{
    /// <summary>Adds rows.</summary>
    Append,

    /// <summary>Replaces the rows, or those that the option <c>replaceWhere</c> names.</summary>
    Overwrite,

    /// <summary>Fails if something is there.</summary>
    ErrorIfExists,

    /// <summary>Does nothing if something is there.</summary>
    Ignore,
}

/// <summary>Where and how rows are written.</summary>
public sealed record SparkWrite
{
    /// <summary>The data source's name.</summary>
    public string Format { get; init; } = "delta";

    /// <summary>The path that is written to; it or <see cref="Table"/> is stated.</summary>
    public string? Path { get; init; }

    /// <summary>The table that is written to, by its name. It exists, and takes columns by their position.</summary>
    public string? Table { get; init; }

    /// <summary>What happens with what is there.</summary>
    public SparkWriteMode Mode { get; init; }

    /// <summary>The columns that partition a new table.</summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>Options of the writer, such as Delta's <c>txnAppId</c> and <c>txnVersion</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    internal Command Command(SparkRelation input)
    {
        if (Path is null == Table is null)
        {
            throw new InvalidOperationException("a write needs a path or a table, and not both");
        }

        WriteOperation write = new() { Input = input.Wire, Source = Format, Mode = (WriteOperation.Types.SaveMode)(Mode + 1) };
        write.PartitioningColumns.Add(PartitionBy);
        write.Options.Add(Options.ToMap());
        if (Path is not null)
        {
            write.Path = Path;
        }
        else
        {
            write.Table = new WriteOperation.Types.SaveTable { TableName = Table, SaveMethod = WriteOperation.Types.TableSaveMethod.InsertInto };
        }

        return new Command { WriteOperation = write };
    }
}
