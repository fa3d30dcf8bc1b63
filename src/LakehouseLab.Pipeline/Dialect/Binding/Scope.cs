namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>The names that an expression can use: columns of relations.</summary>
/// <param name="relations">The relations with their names.</param>
internal sealed class Scope(IReadOnlyList<(string? Name, IReadOnlyList<Column> Columns)> relations)
{
    /// <summary>A scope without names.</summary>
    public static Scope Empty { get; } = new([]);

    /// <summary>All columns in order.</summary>
    public IEnumerable<Column> Columns => relations.SelectMany(static relation => relation.Columns);

    /// <summary>Both scopes' names.</summary>
    public Scope With(Scope other) => new([.. relations, .. other.Relations]);

    /// <summary>A relation's columns; null when there is none of that name.</summary>
    public IReadOnlyList<Column>? FindRelation(string name) => relations.Where(relation => Same(relation.Name, name)).Select(static relation => relation.Columns).FirstOrDefault();

    /// <summary>The columns of a name, perhaps of a relation.</summary>
    public IReadOnlyList<Column> Find(string? relation, string name) =>
    [
        .. relations.Where(known => relation is null || Same(known.Name, relation)).SelectMany(static known => known.Columns).Where(column => Same(column.Name, name)),
    ];

    /// <summary>A name that both scopes give to relations.</summary>
    public string? FindShared(Scope other) => relations.Select(static relation => relation.Name).OfType<string>().FirstOrDefault(name => other.FindRelation(name) is not null);

    private IReadOnlyList<(string? Name, IReadOnlyList<Column> Columns)> Relations => relations;

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
