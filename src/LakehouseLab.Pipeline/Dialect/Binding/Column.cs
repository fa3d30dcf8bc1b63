using LakehouseLab.Pipeline.Dialect.Rules;

namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>A column of a relation: equal to no other, whatever its name.</summary>
internal sealed class Column(string name, SqlType type)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its type.</summary>
    public SqlType Type => type;
}
