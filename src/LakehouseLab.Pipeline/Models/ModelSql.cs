using System.Text;
using LakehouseLab.Pipeline.Dialect.Syntax;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;

using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Models;

/// <summary>A model's query, with the places where it refers to other tables: <c>ref('silver.transactions')</c> for a model's
/// or reference table, <c>source('bronze.transactions')</c> for the typed records of a Bronze table.</summary>
public sealed class ModelSql
{
    private readonly List<Reference> _references;

    private ModelSql(string text, int firstLine, Query query, List<Reference> references)
    {
        Text = text;
        FirstLine = firstLine;
        Query = query;
        _references = references;
        Inputs = [.. references.Where(reference => !reference.IsSource).Select(reference => reference.Table).Distinct()];
        Source = references.Find(reference => reference.IsSource)?.Table;
    }

    /// <summary>The query as it was written.</summary>
    public string Text { get; }

    /// <summary>The line of the model's file in which the query begins.</summary>
    public int FirstLine { get; }

    /// <summary>The query, read.</summary>
    internal Query Query { get; }

    /// <summary>The tables of <c>ref</c>, each once.</summary>
    public IReadOnlyList<TableName> Inputs { get; }

    /// <summary>The table of <c>source</c>, or null.</summary>
    public TableName? Source { get; }

    /// <summary>Reads a query.</summary>
    /// <param name="text">The query.</param>
    /// <param name="firstLine">The line of its file in which it begins.</param>
    /// <exception cref="SyntaxException">It is not a query of the dialect, or a reference is not one of the two forms.</exception>
    /// <exception cref="InvalidRequestException">A quote or comment does not end.</exception>
    internal static ModelSql Parse(string text, int firstLine)
    {
        Query query = QueryParser.ParseQuery(text);
        List<SqlToken> tokens = SqlTokenizer.Tokenize(text);
        List<Reference> references = [];
        for (int i = 0; i + 3 < tokens.Count; i++)
        {
            bool isSource = tokens[i].IsWord("source");
            if ((isSource || tokens[i].IsWord("ref")) && tokens[i + 1].IsSymbol('(') && tokens[i + 2].Kind == SqlTokenKind.Text && tokens[i + 3].IsSymbol(')'))
            {
                TableName table = TableName.TryParse(tokens[i + 2].Value) ?? throw new SyntaxException(tokens[i].Start, "write ref('layer.table') or source('bronze.table')");
                references.Add(new Reference(table, isSource, tokens[i].Start, tokens[i + 3].End));
            }
        }

        return references.Where(reference => reference.IsSource).Skip(1).FirstOrDefault() is { } second
            ? throw new SyntaxException(second.Start, "a model has at most one source()")
            : new ModelSql(text, firstLine, query, references);
    }

    /// <summary>The line of the model's file at a place in the query.</summary>
    public int LineOf(int at) => FirstLine + SqlText.LineOf(Text, at) - 1;

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
