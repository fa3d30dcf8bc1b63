using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>
/// Proves that rows of a key follow from input rows of the same key alone, which is what a merge of touched keys needs: every
/// column of the key is one of the input's, and nothing puts rows of several keys together.
/// </summary>
internal sealed class KeyProof : LocalityProof
{
    private readonly IReadOnlyList<string> _columns;

    private KeyProof(BoundQuery query, IReadOnlyList<string> columns)
        : base(query) => _columns = columns;

    /// <inheritdoc/>
    protected override string What => "keys";

    /// <summary>Finds the input's columns of a key.</summary>
    /// <param name="query">The query, over one table.</param>
    /// <param name="key">Names of the key's columns.</param>
    /// <returns>The columns, in the key's order.</returns>
    /// <exception cref="NotLocal">Rows of a key do not follow from that key's input.</exception>
    public static IReadOnlyList<string> Prove(BoundQuery query, IReadOnlyList<string> key)
    {
        Relation result = query.Result!;
        List<string> columns = [];
        foreach (string name in key)
        {
            Column column = result.Columns.First(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase));
            columns.Add(OriginOf(query, result, column) ?? throw new NotLocal($"{name} is computed"));
        }

        KeyProof proof = new(query, columns);
        proof.RefuseSubqueries();
        return proof.Follow(result) is null ? throw new NotLocal("it reads no table") : columns;
    }

    /// <inheritdoc/>
    protected override Tracks Begin(TableRelation table)
    {
        Tracks tracks = new();
        foreach (Column column in table.Columns.Where(column => _columns.Contains(column.Name)))
        {
            tracks.Put(column, column.Name);
        }

        return tracks;
    }

    /// <inheritdoc/>
    protected override string? TagOf(Expression expression, Tracks input) => input.TagOf(Query.ColumnOf(expression));

    /// <inheritdoc/>
    protected override bool Covers(IEnumerable<string> tags)
    {
        HashSet<string> given = [.. tags];
        return _columns.All(given.Contains);
    }

    /// <inheritdoc/>
    protected override string? Both(string tag, string other) => tag == other ? tag : null;

    // The table's column that a column is, as it is.
    private static string? OriginOf(BoundQuery query, Relation relation, Column column) => relation switch
    {
        TableRelation => column.Name,
        ViewRelation view => OriginOf(query, view.Input, view.Input.Columns[view.Columns.ToList().IndexOf(column)]),
        JoinRelation join => join.Left.Columns.Contains(column) ? OriginOf(query, join.Left, column) : OriginOf(query, join.Right, column),
        LimitRelation limit => OriginOf(query, limit.Input, column),
        SelectRelation { Input: { } input } select => query.ColumnOf(select.Items.First(item => item.Column == column).Value) is { } named ? OriginOf(query, input, named) : null,
        SetRelation set when set.Columns.ToList().IndexOf(column) is var place => OriginOf(query, set.Left, set.Left.Columns[place]) is { } left && left == OriginOf(query, set.Right, set.Right.Columns[place]) ? left : null,
        _ => null,
    };
}
