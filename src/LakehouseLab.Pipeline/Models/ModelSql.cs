using System.Text;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Models;

/// <summary>A model's query, with the places where it refers to other tables: <c>ref('silver.transactions')</c> for a model's
/// or reference table, <c>source('bronze.transactions')</c> for the typed records of a Bronze table.</summary>
public sealed class ModelSql
{
    private readonly List<Reference> _references;

    private ModelSql(string text, List<Reference> references)
    {
        Text = text;
        _references = references;
        Inputs = [.. references.Where(reference => !reference.IsSource).Select(reference => reference.Table).Distinct()];
        Source = references.Find(reference => reference.IsSource)?.Table;
    }

    /// <summary>The query as it was written.</summary>
    public string Text { get; }

    /// <summary>The tables of <c>ref</c>, each once.</summary>
    public IReadOnlyList<TableName> Inputs { get; }

    /// <summary>The table of <c>source</c>, or null.</summary>
    public TableName? Source { get; }

    /// <summary>Reads a query.</summary>
    /// <exception cref="FormatException">A reference is not one of the two forms; the message tells the line.</exception>
    /// <exception cref="World.InvalidRequestException">A quote or comment does not end.</exception>
    public static ModelSql Parse(string text)
    {
        List<SqlToken> tokens = SqlTokenizer.Tokenize(text);
        List<Reference> references = [];
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            bool isSource = tokens[i].IsWord("source");
            if (!(isSource || tokens[i].IsWord("ref")) || !tokens[i + 1].IsSymbol('('))
            {
                continue;
            }

            TableName? table = i + 3 < tokens.Count && tokens[i + 2].Kind == SqlTokenKind.Text && tokens[i + 3].IsSymbol(')')
                ? TableName.TryParse(tokens[i + 2].Value)
                : null;
            references.Add(table is null
                ? throw new FormatException($"line {SqlText.LineOf(text, tokens[i].Start)}: write ref('layer.table') or source('bronze.table')")
                : new Reference(table, isSource, tokens[i].Start, tokens[i + 3].End));
        }

        return references.Count(reference => reference.IsSource) > 1
            ? throw new FormatException("a model has at most one source()")
            : new ModelSql(text, references);
    }

    /// <summary>Writes the query for an engine.</summary>
    /// <param name="relation">Gives the engine's relation for a table, as it stands after FROM or JOIN.</param>
    public string Compile(Func<TableName, string> relation)
    {
        StringBuilder compiled = new();
        int at = 0;
        foreach (Reference reference in _references)
        {
            compiled.Append(Text, at, reference.Start - at).Append(relation(reference.Table));
            at = reference.End;
        }

        return compiled.Append(Text, at, Text.Length - at).ToString().Trim();
    }

    private sealed record Reference(TableName Table, bool IsSource, int Start, int End);
}
