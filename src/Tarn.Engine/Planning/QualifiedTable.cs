using Tarn.Engine.Naming;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>
/// A table without an alias in a query. Columns may name it with its schema and catalog: <c>FROM s1.t WHERE s1.t.a = 1</c>. The engine sees a relation under one
/// name only, so what columns say is shortened to it.
/// </summary>
/// <param name="Name">Parts of its name: catalog, levels of the schema and table, as far as they are known.</param>
/// <param name="DistinctAlias">The relation's name where another relation has the same last part; null where the last part will do.</param>
internal sealed record QualifiedTable(IReadOnlyList<string> Name, string? DistinctAlias)
{
    /// <summary>A name of a relation for all parts of a table's name.</summary>
    public static string Alias(IReadOnlyList<string> name) => string.Join('.', name);

    /// <summary>The table that a reference names where <paramref name="scope"/> completes its name.</summary>
    public static QualifiedTable Of(TableReference reference, NameScope scope, string? alias) => new(reference.Name switch
    {
        [var table] when scope.Namespace is { } schema => [scope.Catalog.Name, schema.ToString(), table],
        [var schema, var table] => [scope.Catalog.Name, schema, table],
        var whole => whole,
    }, alias);

    /// <summary>How many parts of a column's name, two or more, name this table, with its catalog or without; 0 when they do not.</summary>
    public int PartsIn(IReadOnlyList<string> column)
    {
        string[] schemas = [Alias([.. Name.SkipLast(1)]), Alias([.. Name.Skip(1).SkipLast(1)])];
        int parts = column.Count - 1;
        while (parts > 1 && !(column[parts - 1].Equals(Name[^1], StringComparison.OrdinalIgnoreCase) && schemas.Contains(Alias([.. column.Take(parts - 1)]), StringComparer.OrdinalIgnoreCase)))
            parts--;
        return parts > 1 ? parts : 0;
    }

    /// <summary>Puts the relation's name in the place of the first <paramref name="parts"/> of a column's.</summary>
    public void Shorten(ColumnReference column, int parts, IReadOnlyList<Token> tokens, TextEdits edits)
    {
        if (DistinctAlias is null)
            ReferenceExtent.DropLeadingParts(tokens, column.Offset, parts - 1, edits);
        else
            ReferenceExtent.ReplaceLeadingParts(tokens, column.Offset, parts, EngineSql.Identifier(DistinctAlias), edits);
    }
}
