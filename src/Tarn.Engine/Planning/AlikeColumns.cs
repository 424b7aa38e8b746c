using Tarn.Core.Errors;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Planning;

/// <summary>
/// Columns of a table whose names differ in case only. A name is one of them exactly, else ignoring case, and then the engine would take the first where nobody can know which is meant.
/// </summary>
internal static class AlikeColumns
{
    /// <summary>Refuses a name that may be several columns of a table and is none of them exactly.</summary>
    /// <param name="columns">Names of columns in a query.</param>
    /// <param name="tokens">Words of the query.</param>
    /// <param name="scans">The tables that it reads.</param>
    /// <param name="errorAt">The error at a place of the query.</param>
    public static void RequireClear(IReadOnlyList<ColumnReference> columns, IReadOnlyList<Token> tokens, IReadOnlyList<ScanReference> scans, Func<int, string, TarnException> errorAt)
    {
        string[] names = [.. scans.Where(s => s.IsData).SelectMany(s => s.Schema.Fields.Select(f => f.Name))];
        string[] alike = [.. scans.Where(s => s.IsData).SelectMany(s => s.Schema.Fields.Select(f => f.Name).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).SelectMany(g => g)).Distinct()];
        if (alike.Length == 0)
            return;
        foreach (var column in columns.Where(c => c.Offset >= 0))
        {
            string name = column.Name[^1];
            string[] meant = [.. alike.Where(n => n.Equals(name, StringComparison.OrdinalIgnoreCase))];
            bool isField = column.Name.Count > 1 && names.Contains(column.Name[^2], StringComparer.OrdinalIgnoreCase);
            if (meant.Length == 0 || isField || names.Contains(name, StringComparer.Ordinal) || IsDefinedIn(tokens, columns, name))
                continue;
            throw errorAt(column.Offset, $"Name '{name}' is ambiguous: it may be column {string.Join(" or ", meant.Select(n => $"'{n}'"))}. Write it with the exact case, in double quotes.");
        }
    }

    // A word that stands more often than columns are named so names something in the query itself.
    private static bool IsDefinedIn(IReadOnlyList<Token> tokens, IReadOnlyList<ColumnReference> columns, string name) =>
        tokens.Count(t => t.Kind is TokenKind.Word or TokenKind.QuotedName && t.Value == name) > columns.Count(c => c.Name[^1] == name);
}
