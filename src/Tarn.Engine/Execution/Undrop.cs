using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Execution;

/// <summary>UNDROP TABLE and VIEW: what was last dropped under a name comes back, as it was.</summary>
internal static class Undrop
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, UndropStatement undrop, CancellationToken cancellationToken)
    {
        var (catalog, name) = await context.Services.Names.ForCreateAsync(undrop.Name.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        var target = undrop.NewName is { } newName ? await TargetAsync(context, catalog, name, newName, cancellationToken).ConfigureAwait(false) : name;
        if (undrop.IsView)
            await catalog.UndropViewAsync(name, target, cancellationToken).ConfigureAwait(false);
        else
            await catalog.UndropTableAsync(name, target, cancellationToken).ConfigureAwait(false);
        return RowsResult.Done(undrop.IsView ? "UNDROP VIEW" : "UNDROP TABLE");
    }

    private static async ValueTask<TableIdentifier> TargetAsync(StatementContext context, ICatalog catalog, TableIdentifier name, QualifiedName newName, CancellationToken cancellationToken)
    {
        var scope = context.Scope with { Catalog = catalog, Namespace = name.Namespace };
        var (other, target) = await context.Services.Names.ForCreateAsync(newName.Texts, scope, cancellationToken).ConfigureAwait(false);
        return other == catalog ? target : throw TarnException.Invalid($"'{name}' was dropped in catalog '{catalog.Name}' and comes back there, not in '{other.Name}'.");
    }
}
