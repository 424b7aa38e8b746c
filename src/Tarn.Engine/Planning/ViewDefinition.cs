using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Engine.Planning.ForeignViews;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>The definition of a view that this engine runs.</summary>
/// <param name="Sql">The query.</param>
/// <param name="Catalog">Catalog for names without one, or null for the view's own.</param>
/// <param name="Namespace">Schema for names without one.</param>
/// <param name="Columns">Columns.</param>
internal sealed record ViewDefinition(string Sql, string? Catalog, Namespace? Namespace, IReadOnlyList<NestedField> Columns)
{
    /// <summary>Dialect of views that Tarn writes.</summary>
    public const string Dialect = "tarn";

    // In the summary of a version, as quoted identifiers.
    private const string QueryColumnsKey = "tarn.query-columns";

    /// <summary>What the query called its columns when the view was made; the view may call them otherwise.</summary>
    public required IReadOnlyList<string> QueryColumns { get; init; }

    /// <summary>The dialect of another engine in which the query is written, or null.</summary>
    public string? ForeignDialect { get; init; }

    /// <summary>The definition in Tarn's dialect, or DuckDB's, which is the same for queries; else in one that is understood in part.</summary>
    /// <exception cref="TarnException">Unsupported when the view is written in other dialects only.</exception>
    public static ViewDefinition Of(ViewHandle view)
    {
        var version = view.Metadata.CurrentVersion;
        var representation = version.Representations.Find(r => IsDialect(r, Dialect)) ?? version.Representations.Find(r => IsDialect(r, "duckdb"));
        var foreign = representation is not null ? null : ForeignViewSql.Dialects.Select(d => version.Representations.Find(r => IsDialect(r, d))).FirstOrDefault(r => r is not null)
            ?? throw TarnException.Unsupported(
                $"View '{view.Identifier}' is written for {string.Join(", ", version.Representations.Select(r => r.Dialect ?? r.Type))}; Tarn runs views of its own dialect, and of those of {string.Join(" and ", ForeignViewSql.Dialects)} what means the same in all. Drop the view and create it again (DROP VIEW, then CREATE VIEW), or let its writer add a representation in the dialect {Dialect}.");
        var schema = view.Metadata.Schemas.Find(s => s.SchemaId == version.SchemaId)
            ?? throw TarnException.Corrupted($"View '{view.Identifier}' refers to schema {version.SchemaId}, which its metadata does not hold.");
        return new((representation ?? foreign)!.Sql!, version.DefaultCatalog, version.DefaultNamespace.Count == 0 ? null : new Namespace(version.DefaultNamespace), schema.Fields)
        {
            ForeignDialect = foreign?.Dialect,
            QueryColumns = version.Summary.TryGetValue(QueryColumnsKey, out string? names) ? [.. SqlLexer.Tokenize(SqlText.Of(names)).Where(t => t.IsName).Select(t => t.Value)] : [.. schema.Fields.Select(f => f.Name)],
        };
    }

    /// <summary>The summary of a version that gives the columns of its query other names.</summary>
    /// <param name="summary">What else it says.</param>
    /// <param name="queryColumns">What the query calls them.</param>
    public static ImmutableSortedDictionary<string, string> Renaming(ImmutableSortedDictionary<string, string> summary, IEnumerable<string> queryColumns) =>
        summary.SetItem(QueryColumnsKey, string.Join(", ", queryColumns.Select(SqlPrinter.QuoteIdentifier)));

    private static bool IsDialect(ViewRepresentation representation, string dialect) =>
        representation.Sql is not null && string.Equals(representation.Dialect, dialect, StringComparison.OrdinalIgnoreCase);
}
