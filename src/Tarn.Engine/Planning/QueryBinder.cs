using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Execution;
using Tarn.Engine.Foreign;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning.ForeignViews;
using Tarn.Engine.Relations;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;

namespace Tarn.Engine.Planning;

/// <summary>
/// Finds the tables of a query and puts relation names in their place. The user's text stays as it is everywhere else, so that
/// messages of the engine can be traced back to the line and column that the user wrote.
/// </summary>
/// <param name="connection">Whose parser reads the query.</param>
/// <param name="trees">Queries that were parsed before.</param>
/// <param name="names">Finds tables and views.</param>
/// <param name="paths">Opens tables by their path.</param>
/// <param name="trust">What the query may read beside the tables of the catalogs.</param>
/// <param name="defined">The view whose query is bound, which must not lead back to it; null for any other query.</param>
internal sealed class QueryBinder(DuckDbConnection connection, ParseTreeCache trees, NameResolver names, PathTables paths, SessionTrust trust, ViewName? defined = null)
{
    private const int MaxViewDepth = 64;
    private readonly List<ScanReference> scans = [];
    private readonly List<TableSource.View> views = [];
    private readonly List<StarredView> starred = [];
    private readonly ViewPath viewPath = new(defined);
    private readonly Dictionary<string, string> originalNames = new(StringComparer.Ordinal);
    private readonly List<LocalFileReference> localFiles = [];
    private readonly Dictionary<string, Func<CancellationToken, ValueTask<TarnException>>> missing = new(StringComparer.OrdinalIgnoreCase);
    private bool mayFilter, comparesNulls, hasAlternatives, isPivot, isScoped;
    private IReadOnlyList<string>? countColumns;
    private long? previewRows;
    private ForeignViewSources? foreignSources;
    private NameScope? ownScope;

    /// <summary>Binds a query.</summary>
    /// <exception cref="SqlSyntaxException">The engine's parser refuses the query.</exception>
    public async ValueTask<BoundQuery> BindAsync(QueryText query, NameScope scope, CancellationToken cancellationToken)
    {
        ownScope = scope;
        var edited = await BindAsync(query, scope, 0, cancellationToken).ConfigureAwait(false);
        return new BoundQuery(edited.Text, scans, edited.OriginalOffset) { Views = views, Starred = starred, IsScoped = isScoped, OriginalNames = originalNames, MayFilter = mayFilter, IsMisread = comparesNulls && hasAlternatives, IsPivot = isPivot, CountColumns = countColumns, LocalFiles = localFiles, Missing = missing, PreviewRows = previewRows };
    }

    private async ValueTask<EditedText> BindAsync(QueryText query, NameScope scope, int viewDepth, CancellationToken cancellationToken)
    {
        BoundQuery.RefuseMarks(query.Text);
        var source = PathCalls.Replace(query.Text);
        var tree = Parse(source.Text);
        mayFilter |= tree.MayFilter;
        comparesNulls |= tree.ComparesNulls;
        hasAlternatives |= tree.HasAlternatives;
        if (tree.Failure is { } failure)
        {
            if (failure.Type == "not implemented" && trust == SessionTrust.Untrusted)
                throw UntrustedQueries.Refused("a query of this form", "it cannot be checked");
            if (failure.Type == "not implemented")
                return new TextEdits(query.Text).Apply();
            throw query.ErrorAt(source.OriginalOffset(failure.Offset ?? 0), failure.Message);
        }

        if (trust == SessionTrust.Untrusted)
            UntrustedQueries.Check(tree);

        var edits = new TextEdits(source.Text);
        var tokens = SqlLexer.Tokenize(SqlText.Of(source.Text));
        var alike = AlikeTables.Matter(tree) ? new AlikeTables(ScopesOf(source.Text, tree)) : null;
        int firstScan = scans.Count;
        localFiles.AddRange(tree.LocalFiles);
        // A condition may ask another relation, all of it.
        if (viewDepth == 0 && tree.Tables.Count + tree.TableFunctions.Count == 1)
            previewRows = tree.PreviewRows;
        foreach (var reference in tree.Tables)
        {
            if (viewDepth == 0 && tree.CountColumns is { } columns)
                countColumns = columns;
            var relation = alike?.Of(reference);
            string? alias = relation is not null && PathCalls.PathOf(reference.Name) is null && SystemCalls.Of(reference.Name[^1]) is null && alike!.NeedsAlias(relation) ? QualifiedTable.Alias(reference.Name.Count > 1 ? reference.Name : QualifiedTable.Of(reference, scope, null).Name) : null;
            if (await ReplaceAsync(reference, alias, tokens, edits, scope, viewDepth, message => query.ErrorAt(source.OriginalOffset(reference.Offset), message), cancellationToken).ConfigureAwait(false))
                relation?.Qualified = QualifiedTable.Of(reference, scope, alias);
        }

        var ownScans = scans[firstScan..];
        ShortenColumns(alike, tokens, edits, ownScans, (offset, message) => query.ErrorAt(source.OriginalOffset(offset), message));
        AlikeColumns.RequireClear(tree.Columns, tokens, ownScans, (offset, message) => query.ErrorAt(source.OriginalOffset(offset), message));
        RenameColumns(tree.Columns, tokens, edits, RenamedColumns(ownScans));
        // The engine takes X'…' for a text.
        foreach (var token in tokens.Where(t => t.Kind == TokenKind.Binary))
            edits.Replace(token.Offset, token.End, $"unhex({EngineSql.String(token.Value)})");
        foreach (var (start, end) in tree.Queries)
            edits.Replace(start, end, (await BindAsync(QueryText.From(SqlText.Of(source.Text[start..end])), scope, viewDepth + 1, cancellationToken).ConfigureAwait(false)).Text);
        foreach (var (start, end) in tree.Unnamed)
            edits.Insert(end, $" AS {EngineSql.Identifier(OneLine(query.Written(source.OriginalOffset(start), source.OriginalOffset(end))))}");
        return edits.Apply().After(source);
    }

    private ParseTree Parse(string text)
    {
        var tree = trees.Parse(text, connection);
        if (tree.Failure is not { Type: "not implemented" } || PivotValues.Fill(text) is not var (filled, queries) || trees.Parse(filled.Text, connection) is not { Failure: null } whole)
            return tree;
        isPivot = true;
        return whole.At(filled.OriginalOffset, queries);
    }

    private async ValueTask<bool> ReplaceAsync(TableReference reference, string? alias, IReadOnlyList<Token> tokens, TextEdits edits, NameScope scope, int viewDepth, Func<string, TarnException> errorHere, CancellationToken cancellationToken)
    {
        string? path = PathCalls.PathOf(reference.Name);
        if (path is not null && trust == SessionTrust.Untrusted)
            throw UntrustedQueries.Refused($"{PathCalls.FunctionName}('{path}')", "it reads tables outside of the catalogs");
        var source = path is not null
            ? new TableSource.Table(await paths.OpenAsync(path, cancellationToken).ConfigureAwait(false), null)
            : await names.FindAsync(reference.Name, scope, cancellationToken).ConfigureAwait(false);
        var call = path is null ? SystemCalls.Of(reference.Name[^1]) : null;
        if (source is null)
        {
            if (call is var (function, _))
                throw errorHere($"There is no table function '{function}'. There is {string.Join(", ", (await CatalogOfAsync(reference.Name, scope, cancellationToken).ConfigureAwait(false)).SystemFunctions.Select(f => $"{NameResolver.SystemSchema}.{f.Name}('…')"))}.");
            // What another engine's view calls by one name can only be a table: the embedded engine's own files and names mean nothing there.
            if (reference.At is not null || !EngineNames.MayKnow(reference.Name) || (foreignSources is not null && reference.Name.Count == 1))
                throw errorHere((await TableLookup.MissingAsync(names, scope, QualifiedName.Of(reference.Name), "Table", cancellationToken).ConfigureAwait(false)).Message);
            if (trust == SessionTrust.Untrusted)
                throw UntrustedQueries.Refused($"'{string.Join('.', reference.Name)}'", "it is no table of a catalog");
            if (reference.Name is [var file])
            {
                localFiles.Add(new LocalFileReference(file, StatesCompression: false));
                missing[file] = token => TableLookup.MissingAsync(names, scope, QualifiedName.Of(reference.Name), "Table", token);
            }

            return false;
        }

        var extent = ReferenceExtent.Find(tokens, reference);
        // The queries of the views that it names have scopes of their own.
        if (defined is not null && ReferenceEquals(scope, ownScope) && source.CatalogOf is { } found)
            isScoped |= reference.Name.Count < 3 || (await names.FindCatalogAsync(reference.Name[0], cancellationToken).ConfigureAwait(false))?.Address != found.Address;
        previewRows = null;
        // The rows of a view are not those of a table, whatever it is made of.
        if (source is not TableSource.Table { MetadataTable: null })
            countColumns = null;
        string replacement = source switch
        {
            TableSource.Table table => AddScan(table, reference.At).Mark,
            TableSource.Foreign foreign when TrinoHiveView.Find(foreign.Handle) is { } kept => await ExpandAsync(new TableSource.View(kept, foreign.Catalog), scope, viewDepth, cancellationToken).ConfigureAwait(false),
            TableSource.Foreign foreign => AddScan(foreign.Open(), reference.At).Mark,
            TableSource.View view when reference.At is null => await ExpandAsync(view, scope, viewDepth, cancellationToken).ConfigureAwait(false),
            TableSource.View view => throw errorHere($"'{view.Handle.Identifier}' is a view, which has no snapshots to go back to. Ask for the version or time of the tables that it reads."),
            _ => throw new TarnException(ErrorKind.Internal, $"No relation for {source.GetType().Name}."),
        };
        FromForName(tokens, reference, edits);
        edits.Replace(extent.NameStart, extent.NameEnd, reference.HasAlias ? replacement : $"{replacement} AS {EngineSql.Identifier(alias ?? (path is not null ? PathCalls.FunctionName : call?.Function ?? reference.Name[^1]))}");
        if (extent.AtEnd > extent.AtStart)
            edits.Replace(extent.AtStart, extent.AtEnd, "");
        return !reference.HasAlias && path is null && call is null;
    }

    // TABLE t, SUMMARIZE t and DESCRIBE t take names only; the same with SELECT takes any relation.
    private static void FromForName(IReadOnlyList<Token> tokens, TableReference reference, TextEdits edits)
    {
        int before = ReferenceExtent.IndexAt(tokens, reference.Offset) - 1;
        if (before < 0)
            return;
        if (tokens[before].IsWord("TABLE"))
            edits.Replace(tokens[before].Offset, tokens[before].End, "SELECT * FROM");
        else if (tokens[before].IsWord("SUMMARIZE") || tokens[before].IsWord("DESCRIBE") || tokens[before].IsWord("DESC") || tokens[before].IsWord("SHOW"))
            edits.Insert(reference.Offset, "SELECT * FROM ");
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async ValueTask<ICatalog> CatalogOfAsync(IReadOnlyList<string> name, NameScope scope, CancellationToken cancellationToken) =>
        name.Count > 2 && await names.FindCatalogAsync(name[0], cancellationToken).ConfigureAwait(false) is { } catalog ? catalog : scope.Catalog;

    private ScanReference AddScan(TableSource.Table table, AtClause? at)
    {
        if (at is not null && table.Layout is not null)
            throw TarnException.Unsupported($"Table '{table.Handle.Identifier}' is not an Iceberg table and has no snapshots to go back to. Leave the version or time out.");
        var scan = new ScanReference(scans.Count + 1, table, TimeTravel.Apply(connection, TableScan.Of(table.Handle.Metadata), at));
        scans.Add(scan);
        return scan;
    }

    private async ValueTask<string> ExpandAsync(TableSource.View view, NameScope scope, int viewDepth, CancellationToken cancellationToken)
    {
        if (viewDepth >= MaxViewDepth)
            throw TarnException.Invalid($"View '{view.Handle.Identifier}' is read through {MaxViewDepth} other views, each of which reads the next, and more than that are refused. Let one of them read the tables themselves: CREATE OR REPLACE VIEW … AS …");
        using var step = viewPath.Enter(new ViewName(view.Catalog.Name, view.Handle.Identifier));
        views.Add(view);
        var definition = ViewDefinition.Of(view.Handle);
        var viewScope = new NameScope(await names.CatalogOfViewAsync(view.Catalog, definition.Catalog, cancellationToken).ConfigureAwait(false), definition.Namespace);
        var outer = foreignSources;
        string relation = definition.ForeignDialect is { } dialect
            ? await ForeignAsync(new ForeignView(view.Handle.Identifier.ToString(), dialect), definition, viewScope, viewDepth, cancellationToken).ConfigureAwait(false)
            : await OwnAsync(view, definition, viewScope, viewDepth, cancellationToken).ConfigureAwait(false);
        foreignSources = outer;
        return outer?.Add(relation, definition.Columns) ?? relation;
    }

    private async ValueTask<string> ForeignAsync(ForeignView view, ViewDefinition definition, NameScope scope, int viewDepth, CancellationToken cancellationToken)
    {
        var sql = new ForeignViewSql(view);
        var sources = new ForeignViewSources(scans);
        foreignSources = sources;
        var body = await BindAsync(QueryText.From(SqlText.Of(sql.Translate(definition.Sql, connection))), scope, viewDepth + 1, cancellationToken).ConfigureAwait(false);
        return sql.Finish(body.Text, sources, definition.Columns, connection);
    }

    private async ValueTask<string> OwnAsync(TableSource.View view, ViewDefinition definition, NameScope scope, int viewDepth, CancellationToken cancellationToken)
    {
        // Within a view of another engine it has the types that were looked at.
        bool isDeclared = foreignSources is not null;
        foreignSources = null;
        var query = QueryText.From(SqlText.Of(definition.Sql));
        var body = await BindAsync(query, scope, viewDepth + 1, cancellationToken).ConfigureAwait(false);
        var tree = Parse(PathCalls.Replace(query.Text).Text);
        if (tree.HasStar)
            starred.Add(new StarredView(view, body.Text, definition.QueryColumns, tree.MayGrow));
        if (isDeclared)
            return ForeignViewSql.Declared(body.Text, definition.Columns);
        string[] called = [.. definition.Columns.Select(c => EngineSql.Identifier(c.Name))];
        return tree.HasStar
            ? ViewStars.First(body.Text, called)
            : $"(SELECT * FROM ({body.Text}\n) AS __tarn_view({string.Join(", ", called)}))";
    }

    private RelationScopes ScopesOf(string text, ParseTree tree) => !isPivot || trees.Parse(text, connection).Failure is null || PivotValues.Fill(text) is not var (filled, _)
        ? RelationScopes.Of(text, offset => offset, tree.Tables, connection)
        : RelationScopes.Of(filled.Text, filled.OriginalOffset, tree.Tables, connection);

    private static void ShortenColumns(AlikeTables? alike, IReadOnlyList<Token> tokens, TextEdits edits, IReadOnlyList<ScanReference> ownScans, Func<int, string, TarnException> errorAt)
    {
        foreach (var use in alike?.Columns ?? [])
        {
            bool IsColumn(string name) => ownScans.Any(s => s.IsData && s.Schema.Fields.Any(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
            if (alike!.Resolve(use, IsColumn, message => errorAt(use.Column.Offset, message)) is not var (table, parts))
                continue;
            if (parts == 1 && !tokens[ReferenceExtent.IndexAt(tokens, use.Column.Offset) + 1].IsSymbol("."))
                throw errorAt(use.Column.Offset, $"'{use.Column.Name[0]}' means the table '{table.DistinctAlias}' here, while another table of the query is called so too. Give the table an alias, and write it in its place.");
            table.Shorten(use.Column, parts, tokens, edits);
        }
    }

    private static void RenameColumns(IReadOnlyList<ColumnReference> columns, IReadOnlyList<Token> tokens, TextEdits edits, Dictionary<string, string> renamed)
    {
        foreach (var column in columns.Where(c => c.Offset >= 0))
        {
            if (renamed.TryGetValue(column.Name[^1], out string? engineName))
                ReferenceExtent.RenameLastPart(tokens, column.Offset, column.Name.Count, EngineSql.Identifier(engineName), edits);
        }
    }

    private Dictionary<string, string> RenamedColumns(IReadOnlyList<ScanReference> ownScans)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var scan in ownScans.Where(s => s.IsData))
        {
            string[] tableNames = [.. scan.Schema.Fields.Select(f => f.Name)];
            foreach (var (tableName, engineName) in tableNames.Zip(ColumnNames.Deduplicate(tableNames)).Where(p => p.First != p.Second))
            {
                renamed[tableName] = engineName;
                originalNames[engineName] = tableName;
            }
        }

        return renamed;
    }
}
