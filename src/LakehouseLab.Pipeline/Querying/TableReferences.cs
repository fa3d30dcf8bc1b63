using System.Globalization;
using System.Text;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>A Delta table that a statement names by its path.</summary>
/// <param name="Path">Folder of the table.</param>
/// <param name="Version">The version that is asked for, or null.</param>
/// <param name="Timestamp">The instant whose version is asked for, or null.</param>
/// <param name="Schema">The schema in which the statement now finds it, as a relation named <c>delta</c>.</param>
internal sealed record PathReference(string Path, long? Version, DateTimeOffset? Timestamp, string Schema);

/// <summary>The tables that a statement names.</summary>
/// <param name="Sql">The statement, in which references by path and names in backticks are such as the engine knows.</param>
/// <param name="Tables">Tables of the lake that may be meant: a column of an alias looks the same.</param>
/// <param name="Paths">Tables by path.</param>
/// <param name="ListsTables">Whether it asks which tables there are.</param>
internal sealed record TableReferences(string Sql, IReadOnlyList<TableName> Tables, IReadOnlyList<PathReference> Paths, bool ListsTables)
{
    /// <summary>Name of the relations of <see cref="Paths"/>, so that columns can be qualified by it.</summary>
    public const string Relation = "delta";

    // What SHOW TABLES means here: the engine's own lists those of one schema.
    private const string ShowTables = "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables ORDER BY name";

    private static readonly HashSet<string> s_catalogs = new(StringComparer.OrdinalIgnoreCase)
    {
        "SHOW", "information_schema", "pg_catalog", "pg_tables", "pg_views", "pg_class", "duckdb_tables", "duckdb_views", "duckdb_columns",
        "duckdb_schemas", "sqlite_master", "sqlite_schema",
    };

    private const string Form = "write delta('folder'), delta('folder', version => 3) or delta('folder', timestamp => '2026-01-31 12:00:00')";

    // Forms of the timestamp literal; UTC unless an offset is given.
    private static readonly string[] s_timestamps =
        [.. from day in new[] { "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF" }
            from zone in new[] { string.Empty, "'Z'", "zzz" }
            select day + zone];

    /// <summary>Finds the references of a statement.</summary>
    /// <exception cref="InvalidRequestException">A reference is wrong.</exception>
    public static TableReferences Find(string sql, IReadOnlyList<SqlToken> tokens)
    {
        StringBuilder text = new();
        HashSet<TableName> tables = [];
        List<PathReference> paths = [];
        int copied = 0;
        void Replace(int start, int end, string replacement)
        {
            text.Append(sql, copied, start - copied).Append(replacement);
            copied = end;
        }

        for (int i = 0; i < tokens.Count; i++)
        {
            SqlToken token = tokens[i];
            bool qualified = i > 0 && tokens[i - 1].IsSymbol('.');
            if (!qualified && token.IsWord("delta") && Symbol(tokens, i + 1, '('))
            {
                int close = i + 2;
                paths.Add(ReadPath(tokens, ref close, paths.Count + 1));
                Replace(token.Start, tokens[close].End, $"{SqlText.Quote(paths[^1].Schema)}.{Relation}");
                i = close;
                continue;
            }

            if (token.IsWord("SHOW") && i + 1 < tokens.Count && tokens[i + 1].IsWord("TABLES") && !(i + 2 < tokens.Count && tokens[i + 2].IsName))
            {
                Replace(token.Start, tokens[i + 1].End, ShowTables);
                continue;
            }

            if (sql[token.Start] == '`')
            {
                Replace(token.Start, token.End, SqlText.Quote(token.Value));
            }

            if (!qualified && token.IsName && Symbol(tokens, i + 1, '.') && i + 2 < tokens.Count && tokens[i + 2].IsName
                && LakeTables.Layers.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
            {
                tables.Add(new TableName(token.Value.ToLowerInvariant(), tokens[i + 2].Value.ToLowerInvariant()));
            }
        }

        Replace(sql.Length, sql.Length, string.Empty);
        bool lists = tokens.Any(token => token.IsName && s_catalogs.Contains(token.Value)) || (tokens.Any(token => token.IsWord("DESCRIBE")) && tables.Count + paths.Count == 0);
        return new TableReferences(text.ToString(), [.. tables], paths, lists);
    }

    // From the token after the opening bracket to the closing one.
    private static PathReference ReadPath(IReadOnlyList<SqlToken> tokens, ref int at, int number)
    {
        SqlToken path = At(tokens, at++);
        if (path.Kind != SqlTokenKind.Text || path.Value.Length == 0)
        {
            throw new InvalidRequestException($"SQL: delta needs the table's folder as a text: {Form}");
        }

        long? version = null;
        DateTimeOffset? timestamp = null;
        while (!At(tokens, at).IsSymbol(')'))
        {
            if (!At(tokens, at).IsSymbol(',') || version is not null || timestamp is not null)
            {
                throw new InvalidRequestException($"SQL: delta('{path.Value}' …: {Form}");
            }

            SqlToken name = At(tokens, ++at);
            at++;
            while (At(tokens, at).Kind == SqlTokenKind.Symbol && At(tokens, at).Value[0] is '=' or '>' or ':')
            {
                at++;
            }

            SqlToken value = At(tokens, at++);
            version = name.IsWord("version") ? ReadVersion(value) : null;
            timestamp = name.IsWord("timestamp") ? ReadTimestamp(value) : null;
            if (version is null && timestamp is null)
            {
                throw new InvalidRequestException($"SQL: delta has no argument '{name.Value}': {Form}");
            }
        }

        return new PathReference(path.Value, version, timestamp, string.Create(CultureInfo.InvariantCulture, $"delta {number}"));
    }

    private static long ReadVersion(SqlToken token) =>
        token.Kind == SqlTokenKind.Number && long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? version
            : throw new InvalidRequestException($"SQL: version => {token.Value}: a version is a whole number from 0");

    private static DateTimeOffset ReadTimestamp(SqlToken token) =>
        token.Kind == SqlTokenKind.Text && DateTimeOffset.TryParseExact(
            token.Value, s_timestamps, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset timestamp)
            ? timestamp
            : throw new InvalidRequestException($"SQL: timestamp => '{token.Value}': write a time like '2026-01-31 12:00:00' (UTC unless an offset such as +02:00 is given)");

    private static SqlToken At(IReadOnlyList<SqlToken> tokens, int index) =>
        index < tokens.Count ? tokens[index] : throw new InvalidRequestException($"SQL: delta( does not end: {Form}");

    private static bool Symbol(IReadOnlyList<SqlToken> tokens, int index, char symbol) => index < tokens.Count && tokens[index].IsSymbol(symbol);
}
