using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Execution;

/// <summary>Statements that change the session only.</summary>
internal static class SessionStatements
{
    /// <summary><c>USE catalog.schema</c>, <c>USE catalog</c> or <c>USE schema</c>; the schema must exist.</summary>
    public static async Task<StatementResult> UseAsync(StatementContext context, UseStatement use, CancellationToken cancellationToken)
    {
        var names = context.Services.Names;
        if (use.Target.Parts.Count == 1 && await names.FindCatalogAsync(use.Target.Last, cancellationToken).ConfigureAwait(false) is { } only)
        {
            context.Session.Scope = new NameScope(only, null);
            return RowsResult.Done("USE");
        }

        var (catalog, name) = await names.SchemaNameAsync(use.Target.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        var existing = await NameResolver.RequireNamespaceAsync(catalog, name, cancellationToken).ConfigureAwait(false);
        context.Session.Scope = new NameScope(catalog, existing);
        return RowsResult.Done("USE");
    }

    /// <summary><c>SET name = value</c>: a setting of the engine, for this session.</summary>
    public static async Task<StatementResult> SetAsync(StatementContext context, SetStatement set, CancellationToken cancellationToken)
    {
        string name = set.Name.Dotted;
        if (set.Scope is { } scope && !scope.Equals("SESSION", StringComparison.OrdinalIgnoreCase) && !scope.Equals("LOCAL", StringComparison.OrdinalIgnoreCase)
            && !scope.Equals("VARIABLE", StringComparison.OrdinalIgnoreCase))
            throw TarnException.Unsupported($"SET {scope} {name}: a session sets its own variables only. Write SET {name} = {set.Value.Text}.");
        if (IsVariable(set.Scope))
            return await SetVariable.ExecuteAsync(context, name, set.Value, cancellationToken).ConfigureAwait(false);
        context.Connection.Execute($"SET {name} = {set.Value.Text}", cancellationToken);
        context.Session.Variables[name] = set.Value.Text;
        context.Session.ParseTrees.Clear();
        return RowsResult.Done("SET");
    }

    private static bool IsVariable(string? scope) => scope?.Equals("VARIABLE", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary><c>RESET name</c>, or all of them.</summary>
    public static Task<StatementResult> Reset(StatementContext context, ResetStatement reset)
    {
        string[] names = reset.Name is { } name ? [IsVariable(reset.Scope) ? SetVariable.Target(name.Dotted) : name.Dotted] : [.. context.Session.Variables.Keys];
        foreach (string setting in names)
        {
            context.Connection.Execute($"RESET {setting}");
            context.Session.Variables.Remove(setting);
        }

        context.Session.ParseTrees.Clear();

        return Done("RESET");
    }

    /// <summary><c>PREPARE name FROM statement</c>.</summary>
    public static Task<StatementResult> Prepare(StatementContext context, PrepareStatement prepare)
    {
        context.Session.Prepared[prepare.Name] = prepare;
        return Done("PREPARE");
    }

    /// <summary><c>EXECUTE name (arguments)</c>.</summary>
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, ExecuteStatement execute, CancellationToken cancellationToken)
    {
        if (!context.Session.Prepared.TryGetValue(execute.Name, out var prepared))
            throw TarnException.NotFound($"There is no prepared statement '{execute.Name}' in this session. PREPARE it first.");
        var arguments = await ExecuteArguments.EvaluateAsync(context, execute, cancellationToken).ConfigureAwait(false);
        // What parameters were given is in the arguments.
        var filled = context with { Options = context.Options with { Parameters = [] } };
        return await StatementDispatch.ExecuteAsync(filled, PreparedText.Fill(prepared, arguments), cancellationToken).ConfigureAwait(false);
    }

    /// <summary><c>DEALLOCATE name</c>, or all of them.</summary>
    public static Task<StatementResult> Deallocate(StatementContext context, DeallocateStatement deallocate)
    {
        if (deallocate.Name is null)
            context.Session.Prepared.Clear();
        else if (!context.Session.Prepared.Remove(deallocate.Name))
            throw TarnException.NotFound($"There is no prepared statement '{deallocate.Name}' in this session.");
        return Done("DEALLOCATE");
    }

    private static Task<StatementResult> Done(string tag) => Task.FromResult<StatementResult>(RowsResult.Done(tag));
}
