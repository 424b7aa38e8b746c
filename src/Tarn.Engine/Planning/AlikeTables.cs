namespace Tarn.Engine.Planning;

/// <summary>
/// Tables whose last names are the same while columns tell them apart by their schemas: <c>FROM s1.t WHERE EXISTS (SELECT 1 FROM s2.t WHERE s2.t.a = s1.t.a)</c>.
/// The engine sees a relation under one name, so all but the outermost get a name of their own, and each column the name of the relation that it means.
/// </summary>
/// <param name="scopes">Relations and columns of the query by SELECT.</param>
internal sealed class AlikeTables(RelationScopes scopes)
{
    /// <summary>Whether a column names a table with its schema, or only schemas tell tables of one SELECT apart.</summary>
    public static bool Matter(ParseTree tree)
    {
        var last = tree.Tables.Where(t => !t.HasAlias).Select(t => t.Name[^1]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return tree.Columns.Any(c => c.Name.Count > 2 && c.Name.Take(c.Name.Count - 1).Skip(1).Any(last.Contains))
            || tree.Tables.Where(t => !t.HasAlias).GroupBy(t => (t.Scope, t.Name[^1].ToUpperInvariant())).Any(g => g.Count() > 1);
    }

    /// <summary>All columns and stars of the query.</summary>
    public IReadOnlyList<ScopedColumn> Columns => scopes.Columns;

    /// <summary>The relation of a table without an alias.</summary>
    public ScopedRelation? Of(TableReference table) => scopes.Relations.FirstOrDefault(r => r.Table == table);

    /// <summary>Whether a table needs another relation name than the last part of its own.</summary>
    public bool NeedsAlias(ScopedRelation relation)
    {
        var others = scopes.Relations.Where(o => o != relation && o.IsNamed(relation.Name)).ToList();
        // The name stays with the outermost, so that names of results that are made of it stay too.
        if (others.Exists(o => o.Scope != relation.Scope && relation.Scope.Chain.Contains(o.Scope)) && IsNamedWithSchemaWithin(relation))
            return true;
        var nearby = others.Where(o => o.Scope.Chain.Contains(relation.Scope)).ToList();
        return nearby.Exists(o => o.Table is null) || (relation.Table!.Name.Count > 1 && nearby.Exists(o => o.Scope == relation.Scope));
    }

    // What is called by the last name alone is the nearest one, as the engine has it.
    private bool IsNamedWithSchemaWithin(ScopedRelation relation) =>
        scopes.Columns.Any(c => c.Scope.Chain.Contains(relation.Scope) && c.Column.Name.Take(c.Column.Name.Count - 1).Skip(1).Any(relation.IsNamed));

    /// <summary>The table whose relation name must be put in the place of a column's first parts, and how many these are; null where the column stays.</summary>
    /// <param name="use">The column.</param>
    /// <param name="isColumn">Whether a table of the query has a column of this name.</param>
    /// <param name="errorHere">Makes an error at the column.</param>
    public (QualifiedTable Table, int Parts)? Resolve(ScopedColumn use, Func<string, bool> isColumn, Func<string, Exception> errorHere)
    {
        var name = use.Column.Name;
        foreach (var scope in use.Scope.Chain)
        {
            var matches = scope.Relations.Where(r => r.Qualified is not null).Select(r => (Table: r.Qualified!, Parts: r.Qualified!.PartsIn(name))).Where(m => m.Parts > 0).ToList();
            if (matches.Count > 0)
                return matches.Count(m => m.Parts == matches.Max(o => o.Parts)) == 1 ? matches.MaxBy(m => m.Parts) : throw Ambiguous(name, matches[0].Parts, matches.Select(m => m.Table), errorHere);
            var named = scope.Relations.Where(r => r.IsNamed(name[0])).ToList();
            if (named.Count > 0)
                return ByLastName(use, scope, named, isColumn, errorHere);
        }

        return Elsewhere(use);
    }

    private static (QualifiedTable Table, int Parts)? ByLastName(ScopedColumn use, RelationScope scope, List<ScopedRelation> named, Func<string, bool> isColumn, Func<string, Exception> errorHere)
    {
        var name = use.Column.Name;
        // It has its own name still.
        if (named.Exists(r => r.Qualified?.DistinctAlias is null))
            return null;
        bool isNested = use.Scope.Chain.Skip(1).Any(s => s.Relations.Count > 0);
        if (isNested && (name.Count == 1 || (scope != use.Scope && isColumn(name[0]))))
            throw errorHere($"'{string.Join('.', name)}' may mean a column '{name[0]}' or the table '{named[0].Qualified!.DistinctAlias}', and another table of the query is called '{name[0]}' too. Give the table an alias, and write it before the column.");
        if (name.Count == 1)
            return null;
        return named.Count == 1 ? (named[0].Qualified!, 1) : throw Ambiguous(name, 1, named.Select(r => r.Qualified!), errorHere);
    }

    // No SELECT around the column has the table: ORDER BY behind a UNION. Where another table would answer to the shortened name, the engine refuses the long one.
    private (QualifiedTable Table, int Parts)? Elsewhere(ScopedColumn use)
    {
        var (table, parts) = scopes.Relations.Where(r => r.Qualified is not null).Select(r => (r.Qualified!, r.Qualified!.PartsIn(use.Column.Name))).DefaultIfEmpty().MaxBy(m => m.Item2);
        return parts > 0 && !use.Scope.Chain.Any(s => s.Relations.Exists(r => r.IsNamed(use.Column.Name[parts - 1]))) ? (table, parts) : null;
    }

    private static Exception Ambiguous(IReadOnlyList<string> name, int parts, IEnumerable<QualifiedTable> tables, Func<string, Exception> errorHere)
    {
        string rest = string.Join('.', name.Skip(parts));
        var choices = tables.Select(t => $"{t.DistinctAlias ?? QualifiedTable.Alias(t.Name)}.{rest}").Distinct().ToList();
        return errorHere($"Table '{string.Join('.', name.Take(parts))}' in '{string.Join('.', name)}' is ambiguous: {(choices.Count > 1 ? $"write {string.Join(" or ", choices)}" : "the query names it more than once, so give each an alias")}.");
    }
}
