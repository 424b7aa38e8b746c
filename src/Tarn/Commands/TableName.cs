using Tarn.CommandLine;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Commands;

/// <summary>What a TABLE argument names: a table of the lake, or with a PATH one outside of it.</summary>
/// <param name="Identifier">The table of the lake, or null.</param>
/// <param name="Path">A table folder or metadata file outside of the lake, or null.</param>
internal sealed record TableName(TableIdentifier? Identifier, string? Path)
{
    /// <summary>The catalog of the lake in SQL.</summary>
    public const string Catalog = "iceberg";

    /// <summary>The catalog that the table is in.</summary>
    public string In { get; init; } = Catalog;

    /// <summary>Whether the catalog is certain: the first of several levels may else name one.</summary>
    public bool NamesCatalog { get; init; }

    /// <summary>Reads an argument. A slash, a backslash or an ending of <c>.json</c> make it a path, but not inside of quotes: <c>"s/1"."t"</c> is a name.</summary>
    /// <exception cref="UsageException">Not of the form <c>schema.table</c>.</exception>
    public static TableName Parse(string text)
    {
        var quoted = Quoted(text);
        if (quoted is null && IsPath(text))
            return new TableName(null, text);
        var parts = quoted ?? Split(text);
        bool namesCatalog = parts.Count > 2 && parts[0] == Catalog;
        if (namesCatalog)
            parts.RemoveAt(0);
        if (parts.Count < 2 && Directory.Exists(text))
            return new TableName(null, text);
        return parts.Count < 2
            ? throw new UsageException($"table '{text}' has no schema: write schema.table, e.g. sales.orders; a path contains a slash, e.g. ./{text}")
            : new TableName(TableIdentifier.Of([.. parts]), null) { NamesCatalog = namesCatalog };
    }

    /// <summary>Reads an argument that names a table of the lake and no path; one word is none, whatever folder is called so.</summary>
    /// <exception cref="UsageException">Not of the form <c>schema.table</c>.</exception>
    public static TableIdentifier ParseIdentifier(string text) => Parse(text).Identifier
        ?? throw new UsageException(IsPath(text) ? $"'{text}' is a path: write schema.table" : $"table '{text}' has no schema: write schema.table, e.g. sales.orders");

    /// <summary>The table in the FROM clause of a query.</summary>
    public string Sql => Identifier is null
        ? $"iceberg_table({SqlPrinter.QuoteLiteral(Path!)})"
        : SqlPrinter.QuoteName(Parts);

    /// <summary>Catalog, levels of the schema and name of a table of the lake.</summary>
    public IReadOnlyList<string> Parts => [In, .. Identifier!.Namespace.Levels, Identifier.Name];

    /// <inheritdoc/>
    public override string ToString() => Identifier is null ? Path! : In == Catalog ? Identifier.ToString() : $"{In}.{Identifier}";

    /// <summary>The parts of a name, where it is one: split at its dots, but not inside of quotes.</summary>
    public static IReadOnlyList<string> PartsOf(string text) => Quoted(text) ?? Split(text);

    private static List<string> Split(string text) => [.. text.Split('.')];

    private static bool IsPath(string text) =>
        text.AsSpan().IndexOfAny('/', '\\') >= 0 || text.EndsWith(".json", StringComparison.Ordinal) || text is "." or "..";

    // Null when there are no quotes, or the text is no name.
    private static List<string>? Quoted(string text)
    {
        if (!text.Contains('"', StringComparison.Ordinal))
            return null;
        try
        {
            var tokens = SqlLexer.Tokenize(new SqlSource(text)).Where(token => token.Kind != TokenKind.End).ToList();
            bool isName = tokens.Count % 2 == 1 && !tokens.Where((token, i) => i % 2 == 0 ? !token.IsName : !token.IsSymbol(".")).Any();
            return isName ? [.. tokens.Where(token => token.IsName).Select(token => token.Value)] : null;
        }
        catch (SqlSyntaxException) when (IsPath(text))
        {
            return null;
        }
        catch (SqlSyntaxException error)
        {
            throw new UsageException($"table '{text}' is not a name: {error.Problem}");
        }
    }
}
