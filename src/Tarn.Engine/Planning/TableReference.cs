using System.Text.Json;
using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Planning;

/// <summary>A table named in a query, as the engine's parse tree gives it.</summary>
/// <param name="Offset">Offset of the name in the query text, in characters.</param>
/// <param name="Parts">Parts of the name in the query text: table, schema and table, or catalog, schema and table.</param>
/// <param name="HasAlias">Whether the query gives it an alias.</param>
/// <param name="At">Its time travel clause, or null.</param>
internal sealed record TableReference(int Offset, IReadOnlyList<string> Parts, bool HasAlias, AtClause? At)
{
    /// <summary>Parts of the name as the user wrote it: catalog, levels of the schema and table, as far as they are given.</summary>
    public IReadOnlyList<string> Name { get; } = FoldedLevels.Unfold(Parts);

    /// <summary>How many results, each inside the one before, it stands in: 1 in <c>SELECT (SELECT max(id) FROM t)</c>.</summary>
    public int Depth { get; init; }

    /// <summary>Number of the SELECT whose tables it is one of.</summary>
    public int Scope { get; init; }
}

/// <summary>A time travel clause: unit VERSION or TIMESTAMP and its expression.</summary>
internal sealed record AtClause(string Unit, JsonElement Expression);

/// <summary>A column named in a query.</summary>
/// <param name="Offset">Offset of the name in the query text, in characters.</param>
/// <param name="Name">All parts.</param>
internal sealed record ColumnReference(int Offset, IReadOnlyList<string> Name);
