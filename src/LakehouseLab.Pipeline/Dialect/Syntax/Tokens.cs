using System.Diagnostics.CodeAnalysis;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>Goes through the tokens of a text, one after the other.</summary>
internal sealed class Tokens(string text)
{
    private readonly List<SqlToken> _tokens = SqlTokenizer.Tokenize(text);
    private int _next;

    /// <summary>Where the next token begins, or the text's end.</summary>
    public int At => IsAtEnd ? text.Length : _tokens[_next].Start;

    /// <summary>Whether there is none left.</summary>
    public bool IsAtEnd => _next == _tokens.Count;

    /// <summary>The token so many after the next one; a symbol that is none at the end.</summary>
    public SqlToken Peek(int ahead = 0) =>
        _next + ahead < _tokens.Count ? _tokens[_next + ahead] : new SqlToken(SqlTokenKind.Symbol, text.Length, text.Length, "\0");

    /// <summary>Takes the next token.</summary>
    public SqlToken Take()
    {
        SqlToken token = Peek();
        _next += IsAtEnd ? 0 : 1;
        return token;
    }

    /// <summary>Whether words come next.</summary>
    public bool Sees(params ReadOnlySpan<string> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (!Peek(i).IsWord(words[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes words, if they come next.</summary>
    public bool Takes(params ReadOnlySpan<string> words)
    {
        bool seen = Sees(words);
        _next += seen ? words.Length : 0;
        return seen;
    }

    /// <summary>Takes a symbol of one or more characters without space between them, if it comes next.</summary>
    public bool TakesSymbol(string symbol)
    {
        bool seen = SeesSymbol(symbol);
        _next += seen ? symbol.Length : 0;
        return seen;
    }

    /// <summary>Whether a symbol comes next.</summary>
    public bool SeesSymbol(string symbol)
    {
        for (int i = 0; i < symbol.Length; i++)
        {
            if (!Peek(i).IsSymbol(symbol[i]) || (i > 0 && Peek(i).Start != Peek(i - 1).End))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes words that must come next.</summary>
    public void Require(string word, string where)
    {
        if (!Takes(word))
        {
            Fail($"{Found()} where {word} is expected {where}");
        }
    }

    /// <summary>Takes a symbol that must come next.</summary>
    public void RequireSymbol(string symbol, string where)
    {
        if (!TakesSymbol(symbol))
        {
            Fail($"{Found()} where '{symbol}' is expected {where}");
        }
    }

    /// <summary>A token as it is written.</summary>
    public string TextOf(SqlToken token) => text[token.Start..token.End];

    /// <summary>The next token, for a message.</summary>
    public string Found() => IsAtEnd ? "the query ends" : $"'{TextOf(Peek())}' stands";

    /// <summary>Refuses what comes next.</summary>
    [DoesNotReturn]
    public void Fail(string message) => throw new SyntaxException(At, message);
}
