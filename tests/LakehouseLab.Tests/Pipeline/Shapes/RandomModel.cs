using System.Globalization;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline.Shapes;

/// <summary>Makes models from a small grammar: steps that keep, mix or compute keys and days, and a grouping.</summary>
internal sealed class RandomModel(ulong seed)
{
    private static readonly string[] s_keys = ["user_id", "merchant", "flag", "day"];
    private static readonly string[] s_types = ["BIGINT NOT NULL", "STRING NOT NULL", "BOOLEAN", "DATE NOT NULL"];

    private const string Base = "SELECT transaction_id AS id, user_id, merchant, is_fraud AS flag, to_date(timestamp) AS day, timestamp AS moment, user_id * 7 + unix_seconds(timestamp) % 11 AS n FROM ref('silver.transactions')";
    private ulong _state = unchecked((seed * 0x9E3779B97F4A7C15UL) + 1);

    /// <summary>Makes a model.</summary>
    /// <param name="name">The table's name in Gold.</param>
    public Model Make(string name)
    {
        string rows = Base;
        for (int step = Next(4); step > 0; step--)
        {
            rows = Step(rows);
        }

        bool merges = Next(2) == 0;
        string[] keys = Subset(merges ? s_keys : ["user_id", "merchant", "flag"]);
        string[] groups = merges ? keys : [.. keys, "day"];
        string month = Next(3) == 0 ? "day" : "CAST(date_trunc('MONTH', day) AS DATE)";
        string strategy = merges ? "strategy: merge" : "strategy: replace_partitions\npartition_by: month\nevent_time: day\nreach: 7";
        string columns = string.Concat(groups.Select(key => $"  {key}: [{s_types[Array.IndexOf(s_keys, key)]}, k]\n")) + (merges ? "" : "  month: [DATE NOT NULL, m]\n") + "  n: [BIGINT, n]\n  c: [BIGINT NOT NULL, c]\n";
        string sql = $"SELECT {string.Join(", ", groups)}, {(merges ? "" : $"{month} AS month, ")}sum(n) AS n, count(*) AS c\nFROM ({rows}) AS r\nGROUP BY {string.Join(", ", groups)}";
        return ModelFile.Parse(new TableName("gold", name), $"/*\ndescription: R.\nmaterialization: incremental\n{strategy}\nkey: [{string.Join(", ", groups)}]\ncolumns:\n{columns}*/\n{sql}\n", $"{name}.sql");
    }

    /// <summary>A number from 0 to below a bound.</summary>
    public int Next(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(_state % (ulong)bound);
    }

    private string Step(string rows)
    {
        const string Same = "id, user_id, merchant, flag, day, moment";
        string partition = string.Join(", ", Subset(s_keys));
        switch (Next(14))
        {
            case 0:
                return $"SELECT * FROM ({rows}) AS s WHERE n % 3 <> 1";
            case 1:
                return $"SELECT {Same}, rank() OVER (PARTITION BY {partition} ORDER BY n, moment) AS n FROM ({rows}) AS s";
            case 2:
                return string.Create(CultureInfo.InvariantCulture, $"SELECT {Same}, CAST(sum(n) OVER (PARTITION BY {partition} ORDER BY unix_date(day) RANGE BETWEEN {Next(10)} PRECEDING AND CURRENT ROW) AS BIGINT) AS n FROM ({rows}) AS s");
            case 3 or 4:
                string[] keys = Subset(s_keys);
                string on = string.Join(" AND ", keys.Select(static key => $"a.{key} = b.{key}"));
                string kind = Next(2) == 0 ? "JOIN" : "LEFT JOIN";
                return $"SELECT a.id, a.user_id, a.merchant, a.flag, a.day, a.moment, a.n + coalesce(b.c, 0) AS n FROM ({rows}) AS a {kind} (SELECT {string.Join(", ", keys)}, count(*) AS c FROM ({(Next(2) == 0 ? Base : rows)}) AS t GROUP BY {string.Join(", ", keys)}) AS b ON {on}";
            case 5:
                return $"{rows} UNION ALL {Base}";
            case 6:
                return $"SELECT DISTINCT {(Next(2) == 0 ? "id" : "'' AS id")}, user_id, merchant, flag, day, {(Next(2) == 0 ? "moment" : "CAST(day AS TIMESTAMP) AS moment")}, n % 5 AS n FROM ({rows}) AS s";
            case 7:
                string window = "OVER (PARTITION BY user_id ORDER BY moment, id)";
                return $"SELECT {Same}, coalesce(CASE WHEN unix_seconds(moment) - lag(unix_seconds(moment), 1) {window} <= {604_800 * (1 + Next(2))} THEN lag(n, 1) {window} END, 0) AS n FROM ({rows}) AS s";
            case 8:
                return $"SELECT id, user_id, merchant, flag, day + 1 AS day, moment, n FROM ({rows}) AS s";
            case 9:
                return $"SELECT id, user_id, merchant, flag, CAST(date_trunc('{(Next(2) == 0 ? "MONTH" : "WEEK")}', day) AS DATE) AS day, moment, n FROM ({rows}) AS s";
            case 10:
                return $"SELECT * FROM ({rows} ORDER BY id, user_id, merchant, flag, day, moment, n LIMIT 7) AS s";
            case 11:
                return $"SELECT id, user_id, translate(merchant, 'A', 'B') AS merchant, flag, day, moment, n FROM ({rows}) AS s";
            case 12:
                return $"SELECT * FROM ({rows}) AS s WHERE user_id IN (SELECT max(user_id) AS u FROM ref('silver.transactions') GROUP BY merchant)";
            default:
                return $"SELECT {Same}, CAST(sum(n) OVER (PARTITION BY {partition}) AS BIGINT) AS n FROM ({rows}) AS s";
        }
    }

    private string[] Subset(string[] of)
    {
        string[] chosen = [.. of.Where(_ => Next(2) == 0)];
        return chosen.Length > 0 ? chosen : [of[Next(of.Length)]];
    }
}
