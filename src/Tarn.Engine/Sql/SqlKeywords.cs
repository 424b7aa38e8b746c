using System.Collections.Frozen;

namespace Tarn.Engine.Sql;

/// <summary>Words with a meaning of their own.</summary>
public static class SqlKeywords
{
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ALL", "ANALYSE", "ANALYZE", "AND", "ANY", "ARRAY", "AS", "ASC", "ASYMMETRIC", "BOTH", "CASE", "CAST", "CHECK", "COLLATE", "COLUMN",
        "CONSTRAINT", "CREATE", "CROSS", "DEFAULT", "DEFERRABLE", "DESC", "DISTINCT", "DO", "ELSE", "END", "EXCEPT", "FALSE", "FETCH", "FOR",
        "FOREIGN", "FROM", "FULL", "GRANT", "GROUP", "HAVING", "IN", "INITIALLY", "INNER", "INTERSECT", "INTO", "IS", "JOIN", "LAMBDA",
        "LATERAL", "LEADING", "LEFT", "LIKE", "LIMIT", "NATURAL", "NOT", "NULL", "OFFSET", "ON", "ONLY", "OR", "ORDER", "OUTER", "PIVOT",
        "PLACING", "PRIMARY", "QUALIFY", "REFERENCES", "RETURNING", "RIGHT", "SELECT", "SHOW", "SOME", "SUMMARIZE", "SYMMETRIC", "TABLE", "THEN",
        "TO", "TRAILING", "TRUE", "UNION", "UNIQUE", "UNPIVOT", "USING", "VALUES", "VARIADIC", "WHEN", "WHERE", "WINDOW", "WITH");

    // Names that a statement could only mean by mistake; all other reserved words are taken as names where a name must stand.
    private static readonly FrozenSet<string> NotNames = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "AND", "AS", "CREATE", "EXCEPT", "FROM", "GROUP", "HAVING", "IN", "INTERSECT", "INTO", "IS", "JOIN", "LIMIT", "NOT", "NULL", "ON", "OR",
        "ORDER", "SELECT", "TABLE", "UNION", "USING", "WHEN", "WHERE", "WITH");

    private static readonly FrozenSet<string> AfterTable = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ANTI", "AS", "ASOF", "AT", "CROSS", "EXCEPT", "FETCH", "FOR", "FROM", "FULL", "GROUP", "HAVING", "INNER", "INTERSECT", "INTO", "JOIN",
        "LATERAL", "LEFT", "LIMIT", "NATURAL", "OFFSET", "ON", "ORDER", "OUTER", "PIVOT", "POSITIONAL", "QUALIFY", "RETURNING", "RIGHT", "SELECT",
        "SEMI", "SET", "TABLESAMPLE", "UNION", "UNPIVOT", "USING", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH");

    /// <summary>Whether DuckDB refuses the word as a bare column name.</summary>
    public static bool IsReserved(string word) => Reserved.Contains(word);

    /// <summary>Whether the bare word cannot name a table or column in a statement of Tarn's own.</summary>
    internal static bool IsNeverName(string word) => NotNames.Contains(word);

    /// <summary>Whether a bare word behind a table in FROM goes on with the query, and so is no alias.</summary>
    internal static bool FollowsTable(string word) => AfterTable.Contains(word);
}
