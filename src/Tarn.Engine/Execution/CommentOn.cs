using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>COMMENT ON TABLE, VIEW, COLUMN and SCHEMA. The comment stands where other engines look for it: in a property, or in the column's <c>doc</c>.</summary>
internal static class CommentOn
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, CommentStatement comment, CancellationToken cancellationToken)
    {
        switch (comment.Target)
        {
            case CommentTarget.Schema:
                await SchemaStatements.UpdateAsync(context, comment.Name, Set(comment), Removed(comment), cancellationToken).ConfigureAwait(false);
                break;
            case CommentTarget.View:
                await OnViewAsync(context, comment, cancellationToken).ConfigureAwait(false);
                break;
            case CommentTarget.Column:
                await OnColumnAsync(context, comment, cancellationToken).ConfigureAwait(false);
                break;
            default:
                await OnTableAsync(context, comment.Name, Table(comment), cancellationToken).ConfigureAwait(false);
                break;
        }

        return RowsResult.Done("COMMENT");
    }

    private static async ValueTask OnTableAsync(StatementContext context, QualifiedName name, MetadataUpdate update, CancellationToken cancellationToken)
    {
        var (catalog, table) = await TableLookup.TableAsync(context, name, cancellationToken).ConfigureAwait(false);
        var transaction = new Transaction(context.Transactions(catalog), table);
        transaction.Add(update);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask OnViewAsync(StatementContext context, CommentStatement comment, CancellationToken cancellationToken)
    {
        var view = await TableLookup.FindAsync(context, comment.Name, cancellationToken).ConfigureAwait(false) switch
        {
            TableSource.View found => found,
            TableSource.Table => throw TarnException.Invalid($"'{comment.Name.Dotted}' is a table. Write COMMENT ON TABLE."),
            _ => throw await TableLookup.MissingAsync(context, comment.Name, "View", cancellationToken).ConfigureAwait(false),
        };
        await ViewStatements.ChangeAsync(context, view, [new ViewUpdate.SetProperties(Set(comment)), new ViewUpdate.RemoveProperties(Removed(comment))], cancellationToken).ConfigureAwait(false);
    }

    // The longest part of the name that is a table or view; the rest is the path of the column.
    private static async ValueTask OnColumnAsync(StatementContext context, CommentStatement comment, CancellationToken cancellationToken)
    {
        var parts = comment.Name.Texts;
        for (int length = parts.Count - 1; length > 0; length--)
        {
            var name = QualifiedName.Of([.. parts.Take(length)]);
            var column = QualifiedName.Of([.. parts.Skip(length)]);
            switch (await TableLookup.FindAsync(context, name, cancellationToken).ConfigureAwait(false))
            {
                case TableSource.Table { MetadataTable: null } table:
                    await OnTableAsync(context, name, new UpdateSchema().SetDoc(AlterColumns.Path(table.Handle, column), comment.Comment), cancellationToken).ConfigureAwait(false);
                    return;
                case TableSource.Foreign:
                    throw TableLookup.ReadOnly(name);
                case TableSource.View view:
                    await OnViewColumnAsync(context, view, column, comment.Comment, cancellationToken).ConfigureAwait(false);
                    return;
            }
        }

        throw await TableLookup.MissingAsync(context, QualifiedName.Of(comment.Name.Qualifier), "Table", cancellationToken).ConfigureAwait(false);
    }

    // A view says what its columns are in the schema of its version: another comment is another version.
    private static async ValueTask OnViewColumnAsync(StatementContext context, TableSource.View view, QualifiedName column, string? comment, CancellationToken cancellationToken)
    {
        var version = view.Handle.Metadata.CurrentVersion;
        var schema = view.Handle.Metadata.Schemas.Find(s => s.SchemaId == version.SchemaId)!;
        var field = schema.ResolveField(column.Dotted) is { } found && schema.Fields.Contains(found) ? found
            : throw TarnException.NotFound($"View '{view.Handle.Identifier}' has no column '{column.Dotted}'. Columns are: {string.Join(", ", schema.Fields.Select(f => f.Name))}.");
        var documented = new Schema(schema.SchemaId, [.. schema.Fields.Select(f => f == field ? f with { Doc = comment } : f)], schema.IdentifierFieldIds);
        await ViewStatements.ChangeAsync(context, view, [
            new ViewUpdate.AddSchema(documented),
            new ViewUpdate.AddViewVersion(version with { SchemaId = ViewUpdate.LastAdded, TimestampMs = context.Services.Time.GetUtcNow().ToUnixTimeMilliseconds() }),
            new ViewUpdate.SetCurrentViewVersion(ViewUpdate.LastAdded),
        ], cancellationToken).ConfigureAwait(false);
    }

    private static UpdateProperties Table(CommentStatement comment) =>
        comment.Comment is { } text ? new UpdateProperties().Set(GovernanceProperties.Comment, text) : new UpdateProperties().Remove(GovernanceProperties.Comment);

    private static Dictionary<string, string> Set(CommentStatement comment) => comment.Comment is { } text ? new() { [GovernanceProperties.Comment] = text } : [];

    private static string[] Removed(CommentStatement comment) => comment.Comment is null ? [GovernanceProperties.Comment] : [];
}
