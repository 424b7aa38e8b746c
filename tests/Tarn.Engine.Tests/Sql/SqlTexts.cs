using FsCheck;
using FsCheck.Fluent;

namespace Tarn.Engine.Tests.Sql;

/// <summary>Random texts of SQL-like pieces and of characters that are awkward for a lexer.</summary>
internal static class SqlTexts
{
    private static readonly string[] Pieces =
    [
        "SELECT", "FROM", "t", "CREATE", "TABLE", "OR", "REPLACE", "ALTER", "ADD", "COLUMN", "DROP", "INSERT", "INTO", "VALUES", "(", ")", "[", "]", "{", "}", ",",
        ".", ";", "'", "''", "\"", "`", "$", "$$", "$a$", "E'", "\\", "--", "/*", "*/", "\n", "\r", "\t", " ", ":", "::", ":a", "?", "1", ".5", "1e", "0x", "=", "=>",
        "FOR", "VERSION", "AS", "OF", "TIMESTAMP", "AT", "(VERSION =>", "WITH", "PARTITIONED", "BY", "int", "struct<", ">", "a", "map(", "decimal(", "MERGE", "USING",
        "WHEN", "MATCHED", "THEN", "CASE", "END", "EXPLAIN", "PREPARE", "SHOW", "CALL", "COMMENT", "IS", "x'", "\u00A0", "é", "😀", "\0", "\uD800", "ARRAY[", "NOT", "NULL",
        "IF", "EXISTS", "UPDATE", "SET", "DELETE", "WHERE", "TRUNCATE", "EXECUTE", "BRANCH", "TAG", "RETAIN", "DAYS", "DESCRIBE", "USE", "RESET", "VIEW", "SCHEMA",
    ];

    public static Arbitrary<string> Any { get; } = Gen.OneOf(Joined(""), Joined(" "), Joined(" ")).ToArbitrary();

    private static Gen<string> Joined(string separator) =>
        Gen.Elements(Pieces).ListOf().Select(pieces => string.Join(separator, pieces));
}
