using System.Text.Json;
using Tarn.DuckDb;

namespace Tarn.Engine.Planning;

/// <summary>The relations that stand in one SELECT, and the SELECT around it. Parameters of a lambda stand as relations of a scope of their own.</summary>
/// <param name="outer">The SELECT around it; null for the outermost.</param>
internal sealed class RelationScope(RelationScope? outer)
{
    private RelationScope? Outer { get; } = outer;

    /// <summary>Its relations.</summary>
    public List<ScopedRelation> Relations { get; } = [];

    /// <summary>This scope and those around it, the nearest first.</summary>
    public IEnumerable<RelationScope> Chain
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
                yield return scope;
        }
    }
}

/// <summary>A relation under the name that columns may call it by.</summary>
/// <param name="Offset">Where it is named, in characters.</param>
/// <param name="Name">Its alias, or else the last part of its name.</param>
/// <param name="Scope">The SELECT that it stands in.</param>
/// <param name="Table">The table; null for a relation with an alias, a common table expression and what is no table.</param>
internal sealed record ScopedRelation(int Offset, string Name, RelationScope Scope, TableReference? Table)
{
    /// <summary>What columns may say for it; null where the engine finds it by itself.</summary>
    public QualifiedTable? Qualified { get; set; }

    /// <summary>Whether the relation has this name.</summary>
    public bool IsNamed(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A column, or a star behind a relation's name, and the SELECT that names it.</summary>
/// <param name="Column">Its place and parts; the last part of a star is <c>*</c>.</param>
/// <param name="Scope">The SELECT.</param>
internal sealed record ScopedColumn(ColumnReference Column, RelationScope Scope);

/// <summary>Which relations stand in which SELECT of a query, read from the tree that the engine's parser makes of it.</summary>
internal sealed class RelationScopes
{
    private readonly TextOffsets offsets;
    private readonly Func<int, int> original;
    private readonly Dictionary<int, TableReference> tables;
    private readonly List<ScopedRelation> relations = [];
    private readonly List<ScopedColumn> columns = [];

    private RelationScopes(string text, Func<int, int> original, IReadOnlyList<TableReference> tables)
    {
        (offsets, this.original) = (new TextOffsets(text), original);
        this.tables = tables.Where(t => !t.HasAlias).DistinctBy(t => t.Offset).ToDictionary(t => t.Offset);
    }

    /// <summary>All relations.</summary>
    public IReadOnlyList<ScopedRelation> Relations => relations;

    /// <summary>All columns and stars with a place in the text.</summary>
    public IReadOnlyList<ScopedColumn> Columns => columns;

    /// <summary>Reads the scopes of a query.</summary>
    /// <param name="text">A query that the parser takes.</param>
    /// <param name="original">From an offset in <paramref name="text"/> to one in the text that the tables' offsets count in.</param>
    /// <param name="tables">The tables in it.</param>
    /// <param name="connection">The parser's.</param>
    public static RelationScopes Of(string text, Func<int, int> original, IReadOnlyList<TableReference> tables, DuckDbConnection connection)
    {
        using var document = ParseTree.Serialize(text, connection);
        var scopes = new RelationScopes(text, original, tables);
        scopes.Walk(document.RootElement.GetProperty("statements"), new RelationScope(null));
        return scopes;
    }

    private void Walk(JsonElement node, RelationScope scope)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Walk(item, scope);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            WalkObject(node, scope);
        }
    }

    private void WalkObject(JsonElement node, RelationScope scope)
    {
        // Common table expressions do not see the tables of the SELECT that they stand before.
        if (node.TryGetProperty("cte_map", out var map))
            Walk(map, scope);
        string? type = Text(node, "type");
        var inner = type == "SELECT_NODE" ? new RelationScope(scope) : scope;
        if (Text(node, "class") == "LAMBDA")
            AddParameters(node.GetProperty("lhs"), inner = new RelationScope(scope));
        if (type == "COLUMN_REF")
            AddColumn(node, [.. node.GetProperty("column_names").EnumerateArray().Select(n => n.GetString()!)], scope);
        else if (type == "STAR" && Text(node, "relation_name") is { Length: > 0 } starred)
            AddColumn(node, [starred, "*"], scope);
        else if (node.TryGetProperty("sample", out _) && type != "SELECT_NODE")
            AddRelation(node, scope);
        foreach (var property in node.EnumerateObject().Where(p => p.Name is not "cte_map" and not "at_clause"))
            Walk(property.Value, inner);
    }

    private void AddRelation(JsonElement node, RelationScope scope)
    {
        int offset = Offset(node);
        var table = Text(node, "type") == "BASE_TABLE" ? tables.GetValueOrDefault(offset) : null;
        string? called = node.TryGetProperty("function", out var function) ? Text(function, "function_name") : null;
        string? name = Text(node, "alias") is { Length: > 0 } alias ? alias : Text(node, "table_name") ?? called;
        if (table is { Name: [var file] } && EngineNames.IsFile(file))
            (name, table) = (FileRelation(file), null);
        if (name is not null)
            Add(new ScopedRelation(offset, name, scope, table));
    }

    // The engine calls the rows of a file by the file's name, up to its first dot.
    private static string FileRelation(string file) => file[(file.LastIndexOf('/') + 1)..].Split('.')[0];

    private void AddParameters(JsonElement node, RelationScope scope)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                AddParameters(item, scope);
        }
        else if (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("column_names", out var names))
        {
            // The parser takes s1.t.j -> 'key' for a lambda, too; a parameter has one name.
            if (names.GetArrayLength() == 1)
                Add(new ScopedRelation(-1, names[0].GetString()!, scope, null));
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in node.EnumerateObject())
                AddParameters(property.Value, scope);
        }
    }

    private void Add(ScopedRelation relation)
    {
        relations.Add(relation);
        relation.Scope.Relations.Add(relation);
    }

    private void AddColumn(JsonElement node, IReadOnlyList<string> name, RelationScope scope)
    {
        if (Offset(node) is >= 0 and int offset)
            columns.Add(new(new(offset, name), scope));
    }

    private static string? Text(JsonElement node, string property) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private int Offset(JsonElement node) => offsets.Of(node) is >= 0 and int offset ? original(offset) : -1;
}
