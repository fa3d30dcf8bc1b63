using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Audit.Tables;

/// <summary>What tables are declared with, by name.</summary>
/// <param name="tables">The tables.</param>
internal sealed class DeclaredTables(IReadOnlyList<DeclaredTable> tables)
{
    private readonly Dictionary<string, DeclaredTable> _tables = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);

    /// <summary>A table's declaration.</summary>
    /// <exception cref="NotSupportedException">There is none: whoever asks for the audit declares all tables of a lake.</exception>
    public DeclaredTable Find(string name) => _tables.TryGetValue(name, out DeclaredTable? table) ? table : throw new NotSupportedException($"{name} is not declared, so what it should hold is not known");

    /// <summary>What a table's log should declare.</summary>
    public TableDeclaration Of(string name) => TableDeclaration.Of(Find(name));
}
