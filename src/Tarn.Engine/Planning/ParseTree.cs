using System.Text.Json;
using Tarn.DuckDb;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>The tables and columns of a query, found in the tree that the engine's own parser makes of it.</summary>
internal sealed class ParseTree
{
    private readonly List<TableReference> tables = [];
    private readonly List<ColumnReference> columns = [];
    private readonly List<string> functions = [];
    private readonly List<string> tableFunctions = [];
    private readonly List<LocalFileReference> localFiles = [];
    private readonly List<UnnamedResult> unnamed = [];
    private int depth, scope, scopes;
    private readonly string text;
    private readonly TextOffsets offsets;

    private ParseTree(string text)
    {
        this.text = text;
        offsets = new TextOffsets(text);
    }

    /// <summary>Every table that is not a common table expression, in the order of the tree.</summary>
    public IReadOnlyList<TableReference> Tables => tables;

    /// <summary>Every column.</summary>
    public IReadOnlyList<ColumnReference> Columns => columns;

    /// <summary>Where results without a name stand that ask tables themselves, in characters; those only behind which a name can be written.</summary>
    public IReadOnlyList<(int Start, int End)> Unnamed { get; private set; } = [];

    /// <summary>Where queries stand that are no part of the tree, in characters.</summary>
    public IReadOnlyList<(int Start, int End)> Queries { get; private init; } = [];

    /// <summary>Names of the functions that are called, also of those in <see cref="TableFunctions"/> and in time travel.</summary>
    public IReadOnlyList<string> Functions => functions;

    /// <summary>Names of the functions that are called where a table may stand; SHOW for a list of the engine's own tables.</summary>
    public IReadOnlyList<string> TableFunctions => tableFunctions;

    /// <summary>Files that calls of table functions name. A table can stand for files too: that of no table of a catalog does.</summary>
    public IReadOnlyList<LocalFileReference> LocalFiles => localFiles;

    /// <summary>True when a time travel clause asks a query.</summary>
    public bool TravelsByQuery { get; private set; }

    /// <summary>Why there is no tree; null when there is one.</summary>
    public ParseFailure? Failure { get; private set; }

    /// <summary>False when no part of the query can filter rows: no condition and no join.</summary>
    public bool MayFilter { get; private set; }

    /// <summary>Whether columns of the result are not written in the query one by one.</summary>
    public bool HasStar { get; private set; }

    /// <inheritdoc cref="ViewStars.MayGrow"/>
    public bool MayGrow { get; private set; }

    /// <summary>Whether it compares with IS [NOT] DISTINCT FROM, which IS [NOT] TRUE and the like are too, other than two columns.</summary>
    public bool ComparesNulls { get; private set; }

    /// <summary>Whether it joins conditions by OR, or negates one, which may make an OR.</summary>
    public bool HasAlternatives { get; private set; }

    /// <summary>The result columns of a query that only counts the rows of a table; null for any other.</summary>
    public IReadOnlyList<string>? CountColumns { get; private set; }

    /// <summary>How many rows a query asks for that is content with any; null for any other.</summary>
    public long? PreviewRows { get; private set; }

    /// <summary>Parses a query.</summary>
    public static ParseTree Of(string query, DuckDbConnection connection)
    {
        using var document = Serialize(query, connection);
        var tree = new ParseTree(query);
        var root = document.RootElement;
        if (root.GetProperty("error").GetBoolean())
        {
            (tree.Failure, tree.MayFilter) = (tree.ReadFailure(root), true);
            return tree;
        }

        tree.Walk(root.GetProperty("statements"), []);
        tree.HasStar = root.GetProperty("statements").EnumerateArray().Any(s => ViewStars.In(s.GetProperty("node")));
        tree.MayGrow = root.GetProperty("statements").EnumerateArray().All(s => ViewStars.MayGrow(s.GetProperty("node")));
        tree.CountColumns = RowCountQuery.ColumnsOf(root.GetProperty("statements"));
        tree.PreviewRows = PreviewQuery.RowsOf(root.GetProperty("statements"));
        if (tree.unnamed.Count > 0)
        {
            var tokens = SqlLexer.Tokenize(SqlText.Of(query));
            tree.Unnamed = new ResultNames(query, root.GetProperty("statements"), text => Serialize(text, connection)).Nameable([.. tree.unnamed.Select(u => u.Extent(tokens)).OfType<(int, int)>()]);
        }

        return tree;
    }

    /// <summary>The tree of a text that this one's was made of, but for what says how many rows it has.</summary>
    /// <param name="original">From an offset of the one to an offset of the other.</param>
    /// <param name="queries">Where queries stand in the other that this one lacks.</param>
    public ParseTree At(Func<int, int> original, IReadOnlyList<(int Start, int End)> queries)
    {
        int Moved(int offset) => offset < 0 ? offset : original(offset);
        var moved = new ParseTree(text) { Queries = queries, MayFilter = MayFilter, HasStar = HasStar, ComparesNulls = ComparesNulls, HasAlternatives = HasAlternatives, TravelsByQuery = TravelsByQuery, Unnamed = [.. Unnamed.Select(u => (Moved(u.Start), Moved(u.End)))] };
        moved.tables.AddRange(tables.Select(t => t with { Offset = Moved(t.Offset) }));
        moved.columns.AddRange(columns.Select(c => c with { Offset = Moved(c.Offset) }));
        moved.functions.AddRange(functions);
        moved.tableFunctions.AddRange(tableFunctions);
        moved.localFiles.AddRange(localFiles);
        return moved;
    }

    /// <summary>The tree of a query as JSON, in which numbers that are infinite or none are null.</summary>
    /// <exception cref="Tarn.Core.Errors.TarnException">InvalidRequest: it is deeper than <see cref="EngineJson.MaxDepth"/>.</exception>
    public static JsonDocument Serialize(string query, DuckDbConnection connection) =>
        EngineJson.Parse((string)connection.Scalar($"SELECT json_serialize_sql({EngineSql.String(query)})")!);

    private ParseFailure ReadFailure(JsonElement root)
    {
        int? offset = root.TryGetProperty("position", out var position) && int.TryParse(position.GetString(), out int at) ? offsets.Of(at) : null;
        return new ParseFailure(root.GetProperty("error_type").GetString()!, root.GetProperty("error_message").GetString()!, offset);
    }

    private void Walk(JsonElement node, HashSet<string> commonTables)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Walk(item, commonTables);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            WalkObject(node, commonTables);
        }
    }

    private void WalkObject(JsonElement node, HashSet<string> outer)
    {
        var commonTables = outer;
        if (node.TryGetProperty("cte_map", out var map) && map.GetProperty("map") is var entries && entries.GetArrayLength() > 0)
            commonTables = WalkCommonTables(entries, outer);
        if (node.TryGetProperty("cte_name", out var recursive) && recursive.ValueKind == JsonValueKind.String)
            commonTables = With(With(commonTables, recursive.GetString()!), Recurring(recursive.GetString()!));
        switch (node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null)
        {
            case "BASE_TABLE":
                AddTable(node, commonTables);
                return;
            case "COLUMN_REF":
                columns.Add(new(offsets.Of(node), [.. node.GetProperty("column_names").EnumerateArray().Select(n => n.GetString()!)]));
                return;
            case "JOIN":
                MayFilter = true;
                break;
            case "COMPARE_DISTINCT_FROM" or "COMPARE_NOT_DISTINCT_FROM":
                ComparesNulls |= !IsColumn(node.GetProperty("left")) || !IsColumn(node.GetProperty("right"));
                break;
            case "CONJUNCTION_OR" or "OPERATOR_NOT":
                HasAlternatives = true;
                break;
            case "FUNCTION":
                functions.Add(node.GetProperty("function_name").GetString()!);
                break;
            case "TABLE_FUNCTION":
                tableFunctions.Add(node.GetProperty("function") is var call && call.TryGetProperty("function_name", out var called) ? called.GetString()! : call.GetProperty("type").GetString()!);
                localFiles.AddRange(LocalFileReference.Of(call));
                break;
            case "SELECT_NODE":
                (int outerScope, scope) = (scope, ++scopes);
                WalkProperties(node, commonTables);
                scope = outerScope;
                return;
            case "SHOW_REF" when node.GetProperty("query").ValueKind == JsonValueKind.Null:
                tableFunctions.Add("SHOW");
                break;
        }

        WalkProperties(node, commonTables);
    }

    private static bool IsColumn(JsonElement node) => node.GetProperty("type").ValueEquals("COLUMN_REF");

    private void WalkProperties(JsonElement node, HashSet<string> commonTables)
    {
        foreach (var property in node.EnumerateObject())
        {
            if (property.Name == "cte_map" || property.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
                continue;
            MayFilter |= property.Name is "where_clause" or "having" or "qualify";
            if (property.Name == "select_list")
                WalkResults(property.Value, commonTables);
            else
                Walk(property.Value, commonTables);
        }
    }

    private void WalkResults(JsonElement items, HashSet<string> commonTables)
    {
        foreach (var item in items.EnumerateArray())
        {
            int first = tables.Count;
            depth++;
            Walk(item, commonTables);
            depth--;
            // A star is many columns, to which one name would be given.
            if (tables.Count > first && !HasAlias(item) && !UnnamedResult.HasStar(item))
                unnamed.Add(new(tables[first].Offset, depth, tables[first].Depth));
        }
    }

    // A common table expression sees those before it, and itself when it is recursive (then its node names itself).
    private HashSet<string> WalkCommonTables(JsonElement entries, HashSet<string> outer)
    {
        var visible = outer;
        foreach (var entry in entries.EnumerateArray())
        {
            Walk(entry.GetProperty("value"), visible);
            visible = With(visible, entry.GetProperty("key").GetString()!);
        }

        return visible;
    }

    private static HashSet<string> With(HashSet<string> names, string name) => new(names, StringComparer.OrdinalIgnoreCase) { name };

    // recurring.name is all that a recursive common table expression has found so far. No name has a zero character.
    private static string Recurring(string name) => $"\0{name}";

    private void AddTable(JsonElement node, HashSet<string> commonTables)
    {
        string[] name = [.. new[] { "catalog_name", "schema_name", "table_name" }.Select(p => node.GetProperty(p).GetString()!).Where(p => p.Length > 0)];
        if (commonTables.Contains(name is [var schema, var table] && schema.Equals("recurring", StringComparison.OrdinalIgnoreCase) ? Recurring(table) : name.Length == 1 ? name[0] : ""))
            return;
        var at = node.GetProperty("at_clause");
        if (at.ValueKind != JsonValueKind.Null)
            WalkTravel(at.GetProperty("expr"));
        tables.Add(new(offsets.Of(node), name, HasAlias(node), at.ValueKind == JsonValueKind.Null ? null : new(at.GetProperty("unit").GetString()!, at.GetProperty("expr").Clone())) { Depth = depth, Scope = scope });
    }

    // Its expression is evaluated before the query is: only what it calls counts.
    private void WalkTravel(JsonElement node)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                WalkTravel(item);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            if (node.TryGetProperty("function_name", out var function))
                functions.Add(function.GetString()!);
            TravelsByQuery |= node.TryGetProperty("subquery", out _);
            foreach (var property in node.EnumerateObject())
                WalkTravel(property.Value);
        }
    }

    private static bool HasAlias(JsonElement node) => node.GetProperty("alias").GetString() is { Length: > 0 };
}

/// <summary>Why the engine's parser made no tree.</summary>
/// <param name="Type"><c>parser</c>, or <c>not implemented</c> for statements that are queries but have no tree.</param>
/// <param name="Message">Its words.</param>
/// <param name="Offset">Where in the query, in characters, or null.</param>
internal sealed record ParseFailure(string Type, string Message, int? Offset);
