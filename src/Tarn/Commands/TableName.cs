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
    /// <summary>The catalog in SQL.</summary>
    public const string Catalog = "iceberg";

    /// <summary>Reads an argument. A slash, a backslash or an ending of <c>.json</c> make it a path.</summary>
    /// <exception cref="UsageException">Not of the form <c>schema.table</c>.</exception>
    public static TableName Parse(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal)
            || text.EndsWith(".json", StringComparison.Ordinal) || text is "." or "..")
            return new TableName(null, text);
        var parts = Parts(text);
        if (parts.Count > 2 && parts[0] == Catalog)
            parts.RemoveAt(0);
        if (parts.Count < 2 && Directory.Exists(text))
            return new TableName(null, text);
        return parts.Count < 2
            ? throw new UsageException($"table '{text}' has no schema: write schema.table, e.g. sales.orders; a path contains a slash, e.g. ./{text}")
            : new TableName(TableIdentifier.Of([.. parts]), null);
    }

    /// <summary>The table in the FROM clause of a query.</summary>
    public string Sql => Identifier is null
        ? $"iceberg_table({Quote(Path!, '\'')})"
        : string.Join('.', Identifier.Namespace.Levels.Prepend(Catalog).Skip(MayNameCatalog ? 1 : 0).Append(Identifier.Name).Select(part => Quote(part, '"')));

    // The first of several levels may be a catalog, which SQL tries first.
    private bool MayNameCatalog => Identifier!.Namespace.Levels.Count > 1;

    /// <inheritdoc/>
    public override string ToString() => Identifier?.ToString() ?? Path!;

    /// <summary>A text between quotes, quotes inside doubled.</summary>
    public static string Quote(string text, char quote) => $"{quote}{text.Replace(quote.ToString(), new string(quote, 2), StringComparison.Ordinal)}{quote}";

    private static List<string> Parts(string text)
    {
        if (!text.Contains('"', StringComparison.Ordinal))
            return [.. text.Split('.')];
        try
        {
            return [.. SqlLexer.Tokenize(new SqlSource(text)).Where(token => token.IsName).Select(token => token.Value)];
        }
        catch (SqlSyntaxException error)
        {
            throw new UsageException($"table '{text}' is not a name: {error.Problem}");
        }
    }
}
